"""All operations of the frame, in the order of the documentation."""

from queue_core.web.api import alarms, bookings, cases, counters, health, seats, services, tickets, zones

OPERATIONS = (
    *zones.OPERATIONS,
    *tickets.OPERATIONS,
    *counters.OPERATIONS,
    *seats.OPERATIONS,
    *services.OPERATIONS,
    *bookings.OPERATIONS,
    *cases.OPERATIONS,
    *alarms.OPERATIONS,
    *health.OPERATIONS,
)
