-- One row per team, as the programme table has it now.

{{ programme_table('teams', {
    'team_id': 'text',
    'name': 'text',
    'email': 'text',
    'manager_email': 'text',
    'timezone': 'text',
    'calendar_id': 'text',
    'language': 'text',
    'digest_weekday': 'whole',
    'notify_url': 'text',
}) }}
