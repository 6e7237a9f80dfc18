-- One row per root cause that structural pain points share: what mending it once would bring, by what it takes.
{{ config(tags=['in_hand']) }}

with summed as (
    select
        battle_id,
        root_cause_id,
        max(root_cause_name) as name,
        max(currency) as currency,
        cast(count(*) as bigint) as pain_point_count,
        cast(count(case when is_already_in_hand then 1 end) as bigint) as in_hand_count,
        cast(
            sum({{ exactly('strategic_score / 100e0 * problem_score * in_hand_factor') }}) as double
        ) as gain,
        -- What was assessed adds up; what nobody assessed is assumed once.
        coalesce(
            cast(
                sum(
                    case
                        when effort_source = 'assessed' and is_first_of_assessment
                            then {{ exactly('effort_person_months') }}
                    end
                ) as double
            ),
            max(effort_person_months)
        ) as effort_person_months,
        case when count(case when effort_source = 'assessed' then 1 end) > 0 then 'assessed' else 'default' end
            as effort_source,
        cast(sum(case when is_first_of_assessment then {{ exactly('cost') }} end) as double) as cost
    from {{ ref('int_battles_joined') }}
    group by battle_id, root_cause_id
),

valued as (
    select
        summed.*,
        coalesce(summed.name, summed.root_cause_id) as told_name,
        valued.customer_count,
        valued.value_at_risk,
        valued.unknown_value_count,
        valued.value_at_risk / nullif(summed.cost, 0e0) as benefit_per_cost
    from summed
    inner join {{ ref('int_battles_valued') }} as valued
        on summed.battle_id = valued.battle_id
),

scored as (
    select
        *,
        gain * {{ pay_factor('benefit_per_cost') }} / nullif(greatest(effort_person_months, 0.5e0), 0e0) as battle_score
    from valued
)

select
    battle_id,
    row_number() over (order by battle_score desc nulls last, battle_id asc nulls last) as battle_rank,
    told_name as name,
    root_cause_id,
    {{ battle_reason() }} as reason,
    battle_score,
    pain_point_count,
    in_hand_count,
    in_hand_count = pain_point_count as is_already_in_hand,
    customer_count,
    value_at_risk,
    unknown_value_count,
    currency,
    gain,
    effort_person_months,
    effort_source,
    cost,
    benefit_per_cost
from scored
