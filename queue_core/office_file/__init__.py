"""The files that describe an office: read, checked with every fault at once, turned into the domain's zones."""

from queue_core.office_file.check import check_report
from queue_core.office_file.fault import Fault, OfficeInvalid
from queue_core.office_file.office import OfficeFiles, load_office, read_office
from queue_core.office_file.packaged import default_config

__all__ = [
    "Fault",
    "OfficeFiles",
    "OfficeInvalid",
    "check_report",
    "default_config",
    "load_office",
    "read_office",
]
