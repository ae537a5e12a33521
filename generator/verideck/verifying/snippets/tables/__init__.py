"""What the language can name: functions by module, attributes by type."""
