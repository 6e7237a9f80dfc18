-- One row per journey, as the programme table has it now.

{{ programme_table('journeys', {
    'journey_id': 'text',
    'name': 'text',
    'position': 'number',
    'audience': 'text',
    'strategic_weight': 'number',
    'owner_team_id': 'text',
}) }}
