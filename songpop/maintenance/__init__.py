"""Looking after a warehouse: backups and their restoration, retention, writing it anew."""
