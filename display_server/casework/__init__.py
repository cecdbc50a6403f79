"""Applications for staff: find one by its number, see it as its citizen does, set it right."""
