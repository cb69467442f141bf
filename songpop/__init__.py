"""songpop: weekly batch scoring of song potential."""
