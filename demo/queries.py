"""What the last screen asks of the published marts."""

SOURCES = "select source_name as what, count(*) as count from responses group by all order by count desc"
LANGUAGES = "select count(distinct language) as count from responses"
QUARANTINE = """
select level || ': ' || reason as what, count(*) as count
from quarantine group by all order by count desc, what
"""
# The share that fell most in the last month that is over, where both months may be shown.
WORST = """
select touchpoints.name, metrics.period_start as month, metrics.score, metrics.score_low as low,
    metrics.score_high as high, metrics.previous_score as before, metrics.change_p_value as p,
    metrics.answer_count as answers
from journey_metrics as metrics
inner join touchpoints using (touchpoint_id)
where period = 'month' and is_finished and segment_type = 'all' and verdict <> 'suppress'
    and metric in ('csat', 'ces', 'rating') and change_q_value is not null and score_change < 0
qualify period_start = max(period_start) over ()
order by score_change limit 1
"""
WITHHELD = """
select withheld_because as what, count(*) as count
from follow_ups_due where withheld_because is not null group by all order by count desc
"""
LOOP = """
select teams.name as team, count(*) as assigned, count(first_contact_at) as contacted,
    count(*) filter (is_on_time) as on_time, count(*) filter (not is_on_time) as late,
    count(resolved_at) as resolved
from follow_ups left join teams using (team_id) group by all order by assigned desc
"""
CAUSES = """
select root_cause_id as what, count(*) as count
from follow_ups where root_cause_id is not null group by all order by count desc, what
"""
# What nobody is at, and nobody put off.
NEXT = """
select reason from priorities
where not is_already_in_hand and coalesce(decision, 'do') = 'do'
order by priority_rank limit 1
"""
