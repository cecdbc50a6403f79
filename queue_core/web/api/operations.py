"""All operations of the frame, in the order of the documentation."""

from queue_core.web.api import (
    alarms,
    appointment_days,
    appointments,
    bookings,
    cases,
    counters,
    health,
    seats,
    services,
    tickets,
    zones,
)

OPERATIONS = (
    *zones.OPERATIONS,
    *tickets.OPERATIONS,
    *counters.OPERATIONS,
    *seats.OPERATIONS,
    *services.OPERATIONS,
    *bookings.OPERATIONS,
    *appointments.OPERATIONS,
    *appointment_days.OPERATIONS,
    *cases.OPERATIONS,
    *alarms.OPERATIONS,
    *health.OPERATIONS,
)
