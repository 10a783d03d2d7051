"""Years of partners in minutes: played over the services, with faults, all from one seed."""
