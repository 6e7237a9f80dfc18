-- One row per owner, as the programme table has it now.

{{ programme_table('owners', {
    'owner_id': 'text',
    'team_id': 'text',
    'name': 'text',
    'email': 'text',
    'role': 'text',
    'segments': 'text',
    'properties': 'text',
    'language': 'text',
    'timezone': 'text',
    'calendar_id': 'text',
    'manager_email': 'text',
    'away_from': 'date',
    'away_until': 'date',
    'deputy_owner_id': 'text',
}) }}
