-- The marts of benchmarks/population.py as one would write them by hand for this one company, in one DuckDB script that
-- knows its questions, its zone (UTC) and its segment types: no dbt, no increments, numbers in place of keys wherever
-- rows meet, every temporary table shared. It makes, out of the payloads in `raw`:
-- responses, response_properties, answers, comments, comment_themes, customers, journey_metrics, outcomes, coverage.
-- Not: follow_ups_due, loop_performance, pain_points, pain_point_answers, emerging_terms, drivers, touchpoint_map,
-- goal_progress. `python -m benchmarks.by_hand` runs it and compares its rows with those of dbt.
-- Variables: programme (folder), today.

create macro z95() as 1.959963984540054e0;
create macro safe(a, b) as a / nullif(b, 0e0);
create macro centre(g, b, n) as (g - b) * n / (n + 3e0);
create macro wald_var(g, b, n) as (((g + b) * n + 1.5e0) / (n + 3e0) - centre(g, b, n) * centre(g, b, n)) / (n + 3e0);
create macro wilson_mid(p, n) as p + z95() * z95() / nullif(2e0 * n, 0e0);
create macro wilson_reach(p, n) as
    z95() * sqrt(p * (1e0 - p) / nullif(n, 0e0) + z95() * z95() / nullif(4e0 * n * n, 0e0));
create macro wilson_scale(n) as 1e0 + z95() * z95() / nullif(n, 0e0);
create macro wilson_low(p, n) as
    case when p <= 0e0 and n > 0e0 then 0e0 else (wilson_mid(p, n) - wilson_reach(p, n)) / wilson_scale(n) end;
create macro wilson_high(p, n) as
    case when p >= 1e0 and n > 0e0 then 1e0 else (wilson_mid(p, n) + wilson_reach(p, n)) / wilson_scale(n) end;
-- Hart (1968), West (2005).
create macro tail(x) as case
    when x > 37e0 then 0e0
    when x < 7.07106781186547e0 then exp(-x * x / 2e0)
        * ((((((3.52624965998911e-2 * x + 0.700383064443688e0) * x + 6.37396220353165e0) * x + 33.912866078383e0) * x
        + 112.079291497871e0) * x + 221.213596169931e0) * x + 220.206867912376e0)
        / (((((((8.83883476483184e-2 * x + 1.75566716318264e0) * x + 16.064177579207e0) * x + 86.7807322029461e0) * x
        + 296.564248779674e0) * x + 637.333633378831e0) * x + 793.826512519948e0) * x + 440.413735824752e0)
    else exp(-x * x / 2e0) / (x + 1e0 / (x + 2e0 / (x + 3e0 / (x + 4e0 / (x + 0.65e0))))) / 2.506628274631e0 end;
create macro verdict(n, low, high, widest) as case
    when low is null or high is null or round(n, 6) < 30 then 'suppress'
    when round(high - low, 6) > widest then 'flag' else 'publish' end;

---------- the programme
create temp table places_told as
select touchpoint_id, journey_id, "position" from read_csv(getvariable('programme') || '/touchpoints.csv', all_varchar = true);
create temp table questions as
select question_ref, metric, scale_min::double as scale_min, scale_max::double as scale_max,
    touchpoint_id, survey_kind
from read_csv(getvariable('programme') || '/questions.csv', all_varchar = true);

---------- responses
create temp table versions as
select row_number() over () as r, *
from (
    select source_name, survey_id, trim(response_id) as response_id, load_id, submitted_at, trim(customer_id) as customer_id,
        trim(account_id) as account_id, lower(trim(audience)) as audience, lower(trim(language)) as language,
        trim(channel) as channel, is_complete, weight,
        from_json(payload, '{"properties":"MAP(VARCHAR, VARCHAR)","answers":"MAP(VARCHAR, VARCHAR)"}') as said
    from raw.responses
    where not is_deleted and submitted_at <= fetched_at + interval 24 hour
        and (source_name, survey_id, response_id, load_id, sequence) in (
            select (source_name, survey_id, response_id, max((load_id, sequence))[1], max((load_id, sequence))[2])
            from raw.responses group by source_name, survey_id, response_id)
);
create temp table known as
select customer_id, account_id, segment, persona, audience, annual_value::double as annual_value, upper(currency) as currency,
    timezone('UTC', try_cast(left_at as timestamptz)) as left_at, load_id
from raw.customers
qualify row_number() over (partition by customer_id order by fetched_at desc, load_id desc, sequence desc) = 1;
create table response_properties as
select md5(concat_ws('|', source_name, survey_id, response_id)) as response_key, name, trim(value) as value, load_id
from (select source_name, survey_id, response_id, load_id, unnest(map_keys(said.properties)) as name,
    unnest(map_values(said.properties)) as value from versions)
where trim(value) <> '';
create temp table told as
select v.r, md5(concat_ws('|', v.source_name, v.survey_id, v.response_id)) as response_key, v.source_name, v.survey_id,
    v.response_id, v.submitted_at, v.customer_id, coalesce(v.account_id, k.account_id) as account_id,
    coalesce(v.audience, k.audience, 'customer') as audience, k.segment, k.persona, v.channel, v.language,
    nullif(trim(v.said.properties['store']), '') as store, nullif(trim(v.said.properties['touchpoint']), '') as touchpoint,
    v.is_complete, v.weight, greatest(v.load_id, coalesce(k.load_id, v.load_id)) as load_id,
    k.annual_value, k.currency, k.left_at, k.customer_id is not null as is_known
from versions v left join known k using (customer_id);
create table responses as
select response_key, source_name, survey_id, response_id, submitted_at, customer_id, account_id, audience, segment, persona,
    channel, language, is_complete, weight, load_id
from told;
create table customers as
select coalesce(k.customer_id, a.customer_id) as customer_id, k.account_id, k.segment, k.persona, k.audience, k.annual_value,
    k.currency, k.left_at, a.last_answer_at, 0 as open_follow_ups
from known k
full join (select customer_id, max(submitted_at) as last_answer_at from told where customer_id is not null group by all) a
    on k.customer_id = a.customer_id;

---------- numbers for what is grouped by
create temp table profiles as
select row_number() over () as profile_no, *
from (select distinct segment, persona, audience, channel, language, store from told);
create temp table segments as
select row_number() over () as segment_no, * from (
    select distinct unnest(['segment', 'persona', 'audience', 'channel', 'language', 'store']) as segment_type,
        coalesce(unnest([segment, persona, audience, channel, language, store]), 'unknown') as segment from profiles);
create temp table segments_of as
select p.profile_no, s.segment_no
from (select profile_no, unnest(['segment', 'persona', 'audience', 'channel', 'language', 'store']) as segment_type,
    coalesce(unnest([segment, persona, audience, channel, language, store]), 'unknown') as segment from profiles) p
join segments s using (segment_type, segment)
union all select profile_no, 0 from profiles;
insert into segments values (0, 'all', 'all');
create temp table clusters as
select row_number() over () as cluster_no, cluster_key
from (select distinct coalesce('a:' || account_id, 'c:' || customer_id, 'r:' || response_key) as cluster_key from told);
create temp table customer_nos as
select row_number() over () as customer_no, customer_id from customers;
create temp table heads as
select t.r, p.profile_no, c.cluster_no, n.customer_no, t.submitted_at, t.submitted_at::date as local_date,
    coalesce(t.weight, 1e0) as weight, t.touchpoint, t.left_at, t.is_known,
    -- Who answers for an account is counted apart from it.
    t.account_id is not null and t.customer_id is not null as is_apart
from told t
join profiles p
    on t.segment is not distinct from p.segment and t.persona is not distinct from p.persona and t.audience = p.audience
    and t.channel is not distinct from p.channel and t.language is not distinct from p.language
    and t.store is not distinct from p.store
join clusters c on c.cluster_key = coalesce('a:' || t.account_id, 'c:' || t.customer_id, 'r:' || t.response_key)
left join customer_nos n on t.customer_id = n.customer_id;

---------- answers and comments
create temp table judged as
select s.r, row_number() over () as a, s.question_ref, q.metric, q.scale_min, q.scale_max,
    coalesce(q.survey_kind, case when w.touchpoint_id is null then 'relational' else 'transactional' end) as survey_kind,
    coalesce(w.journey_id, 'none') as journey_id, coalesce(w.touchpoint_id, 'none') as touchpoint_id,
    s.text, try_cast(replace(s.text, ',', '.') as double) as value
from (select v.r, unnest(map_keys(said.answers)) as question_ref, trim(unnest(map_values(said.answers))) as text
    from versions v) s
join questions q using (question_ref)
join heads h using (r)
left join places_told w on w.touchpoint_id = coalesce(q.touchpoint_id, h.touchpoint)
where s.text <> '';
create temp table scores as
select *, case
    when metric = 'nps' then case when value >= 9 then 'promoter' when value >= 7 then 'passive' else 'detractor' end
    when (value - scale_min) / (scale_max - scale_min) >= 0.75e0 then 'top'
    when (value - scale_min) / (scale_max - scale_min) <= 0.25e0 then 'bottom' else 'middle' end as score_class
from judged
where metric <> 'comment' and value between scale_min and scale_max;
create table answers as
select md5(concat_ws('|', t.response_key, s.question_ref, 1)) as answer_key, t.response_key, s.question_ref, s.metric,
    s.survey_kind, 'perception' as asks_for, s.journey_id, s.touchpoint_id, s.value, s.value as raw_value, s.scale_min,
    s.scale_max, s.score_class, t.submitted_at, t.load_id
from scores s join told t using (r);
create table comments as
select md5(concat_ws('|', t.response_key, s.question_ref, 1)) as comment_key, t.response_key, s.question_ref, s.journey_id,
    s.touchpoint_id, t.language, s.text, t.submitted_at, t.load_id
from judged s join told t using (r)
where s.metric = 'comment';
create table comment_themes as
select comment_key, unnest(found) as theme_id, response_key, load_id
from (select comment_key, response_key, load_id, nfc_normalize(text) as text, language,
    list_filter([
        case when case language when 'en' then regexp_matches(nfc_normalize(text), '(?i)(^|[^\p{L}\p{M}\p{N}_])wait')
            when 'de' then regexp_matches(nfc_normalize(text), '(?i)wart')
            when 'pl' then regexp_matches(nfc_normalize(text), '(?i)czeka')
            when 'he' then contains(nfc_normalize(text), 'חיכ') end then 'waiting' end,
        case when case language when 'en' then regexp_matches(nfc_normalize(text), '(?i)expensive|price')
            when 'de' then regexp_matches(nfc_normalize(text), '(?i)teuer') end then 'price' end,
        case when case language
            when 'en' then regexp_matches(nfc_normalize(text), '(?i)friendly|kind($|[^\p{L}\p{M}\p{N}_])')
            when 'de' then regexp_matches(nfc_normalize(text), '(?i)freundlich') end then 'staff' end
    ], lambda one: one is not null) as found from comments);

---------- journey_metrics: plain sums by day, and what changes because some units answered several times
create temp table spots as
select row_number() over () as spot_no, dense_rank() over (order by survey_kind, metric) as kind_no, *
from (select distinct journey_id, touchpoint_id, survey_kind, metric, scale_min, scale_max from scores);
create temp table places as
select row_number() over () as place_no, * from (
    select journey_id, touchpoint_id, survey_kind, metric from spots
    union select journey_id, 'all', survey_kind, metric from spots
    union select 'all', 'all', survey_kind, metric from spots);
create temp table places_of as
select s.spot_no, p.place_no from spots s join places p
    on s.survey_kind = p.survey_kind and s.metric = p.metric and p.touchpoint_id in (s.touchpoint_id, 'all')
    and (p.journey_id = s.journey_id or (p.journey_id = 'all' and p.touchpoint_id = 'all'));
create temp table cases as
select h.local_date, h.submitted_at, s.r, s.a, p.spot_no, p.kind_no, h.profile_no, h.cluster_no, h.customer_no, h.is_apart,
    h.left_at, h.is_known, h.weight, s.score_class in ('promoter', 'top') as good, s.score_class in ('detractor', 'bottom') as bad,
    h.weight * case when s.score_class in ('promoter', 'top') then 1e0 when s.score_class = 'detractor' then -1e0 else 0e0 end
        as weighted_code, s.value, s.score_class
from scores s
join heads h using (r)
join spots p using (journey_id, touchpoint_id, survey_kind, metric, scale_min, scale_max);
create temp table repeated as
select * from (
    select *, lag(local_date) over unit as day_before, lead(local_date) over unit as day_after
    from (
        select local_date, spot_no, kind_no, profile_no, cluster_no as unit_no, true as is_cluster, not is_apart as is_respondent,
            weight, weighted_code from cases
        union all
        select local_date, spot_no, kind_no, profile_no, customer_no, false, true, 0e0, 0e0 from cases where is_apart)
    window unit as (partition by kind_no, is_cluster, unit_no order by local_date))
where day_before is not null or day_after is not null;
create macro moved(p, d, n) as case p when 'day' then (d + n)::date when 'week' then (d + 7 * n)::date
    when 'month' then (d + to_months(n))::date when 'quarter' then (d + to_months(3 * n))::date
    when 'rolling_90d' then (d + 90 * n)::date end;
create temp table changes (
    period varchar, period_start date, place_no bigint, segment_no bigint, clusters bigint, respondents bigint,
    squares double, crosses double, weight_squares double);
-- @period: the next statement is run for each of day, week, month, quarter, all, rolling_90d, before_90d.
insert into changes
with dated as (
    select $start as period_start, o.place_no, profile_no, unit_no, is_cluster, is_respondent, weight, weighted_code
    from repeated join places_of o using (spot_no) where $filter
),
units as (
    select period_start, place_no, unit_no, is_cluster, is_respondent, min(profile_no) as p1, max(profile_no) as p2,
        count(*) as k, sum(weight) as w, sum(weighted_code) as c, sum(weight * weight) as ww,
        sum(weighted_code * weighted_code) as cc, sum(weighted_code * weight) as cw
    from dated group by all having count(*) > 1
),
parts as (
    select period_start, place_no, segment_no, k, w, c, ww, cc, cw, is_cluster, is_respondent
    from units join segments_of on p1 = profile_no where p1 = p2
    union all
    select d.period_start, d.place_no, s.segment_no, count(*), sum(d.weight), sum(d.weighted_code), sum(d.weight * d.weight),
        sum(d.weighted_code * d.weighted_code), sum(d.weighted_code * d.weight), d.is_cluster, d.is_respondent
    from units u join dated d using (period_start, place_no, unit_no, is_cluster, is_respondent)
    join segments_of s on d.profile_no = s.profile_no
    where p1 <> p2
    group by d.period_start, d.place_no, s.segment_no, d.unit_no, d.is_cluster, d.is_respondent
    having count(*) > 1
)
select '$name', period_start, place_no, segment_no, sum(case when is_cluster then 1 - k else 0 end),
    sum(case when is_respondent then 1 - k else 0 end), sum(c * c - cc), sum(c * w - cw), sum(w * w - ww)
from parts group by all;
create temp table days as
with spot_days as (
    select local_date, spot_no, segment_no, count(*) as n, count(*) filter (good) as good, count(*) filter (bad) as bad,
        sum(weight) as w, sum(weight) filter (good) as good_w, sum(weight) filter (bad) as bad_w, sum(value) as v,
        sum(value * weight) as vw, sum(weighted_code * weighted_code) as cc, sum(weighted_code * weight) as cw,
        sum(weight * weight) as ww, min(weight) as w1, max(weight) as w2
    from cases join segments_of using (profile_no) group by all
)
select local_date as period_start, place_no, segment_no, sum(n)::bigint as n, sum(good)::double as good, sum(bad)::double as bad,
    sum(w) as w, coalesce(sum(good_w), 0e0) as good_w, coalesce(sum(bad_w), 0e0) as bad_w, sum(v) as v, sum(vw) as vw,
    sum(cc) as cc, sum(cw) as cw, sum(ww) as ww, min(w1) as w1, max(w2) as w2, min(scale_min) as low1, max(scale_min) as low2,
    min(scale_max) as high1, max(scale_max) as high2
from spot_days join spots using (spot_no) join places_of using (spot_no) group by all;
create temp table cells as select 'day' as period, * from days;
-- @period but day: added up.
insert into cells
select '$name', $start, place_no, segment_no, sum(n)::bigint, sum(good), sum(bad), sum(w), sum(good_w), sum(bad_w), sum(v), sum(vw),
    sum(cc), sum(cw), sum(ww), min(w1), max(w2), min(low1), max(low2), min(high1), max(high2)
from (select period_start as local_date, * exclude (period_start) from days) where $range group by all;
create temp table scored as
with summed as (
    select c.period, c.period_start, c.place_no, c.segment_no, p.metric = 'nps' as is_points, n, good, bad, w, good_w, bad_w, v, vw,
        w1, w2, low1 = low2 and high1 = high2 as is_one_scale, n + coalesce(respondents, 0) as respondents,
        n + coalesce(clusters, 0) as clusters, cc + coalesce(squares, 0e0) as cc, cw + coalesce(crosses, 0e0) as cw,
        ww + coalesce(weight_squares, 0e0) as ww
    from cells c join places p using (place_no)
    left join changes x using (period, period_start, place_no, segment_no)
),
shares as (
    select *, case when not w > 0 then null when w1 = w2 or good in (0, n) then good / n else good_w / w end as g,
        case when not is_points then 0e0 when not w > 0 then null when w1 = w2 or bad in (0, n) then bad / n else bad_w / w end as b
    from summed
),
spread as (
    select *, g + b - (g - b) * (g - b) as v0,
        clusters / nullif(clusters - 1e0, 0e0) * (n - 1e0) / n
        * greatest(cc - 2e0 * (g - b) * cw + (g - b) * (g - b) * ww, 0e0) / nullif(w * w, 0e0) as variance
    from shares
),
sized as (
    select *, case
        when not w > 0 then 0e0 when clusters = 1 then 1e0 when w1 = w2 and clusters = n then n::double
        when good = n or bad = n or (good = 0 and (bad = 0 or not is_points)) or not v0 > 0 then w * w / nullif(ww, 0e0)
        else n / greatest(1e0, variance * n / v0) end as e
    from spread
),
bounded as (
    select *, case when is_points then 100e0 * (g - b) else g end as score,
        case when is_points then greatest(-100e0, 100e0 * (centre(g, b, e) - z95() * sqrt(wald_var(g, b, e))))
            else wilson_low(g, e) end as low,
        case when is_points then least(100e0, 100e0 * (centre(g, b, e) + z95() * sqrt(wald_var(g, b, e))))
            else wilson_high(g, e) end as high
    from sized
)
select *, verdict(e, low, high, case when is_points then 40 else 0.2 end) as verdict from bounded;
create temp table compared as
with paired as (
    select s.period, s.period_start, s.place_no, s.segment_no, s.score, o.score as previous_score,
        s.verdict <> 'suppress' and o.verdict <> 'suppress' as is_ranked,
        case when s.is_points
            then (centre(s.g, s.b, s.e) - centre(o.g, o.b, o.e)) / nullif(sqrt(wald_var(s.g, s.b, s.e) + wald_var(o.g, o.b, o.e)), 0e0)
        else (s.g - o.g) / nullif(sqrt(greatest(
            safe(s.g * s.e + o.g * o.e, s.e + o.e) * (1e0 - safe(s.g * s.e + o.g * o.e, s.e + o.e)), 0e0)
            * (1e0 / nullif(s.e, 0e0) + 1e0 / nullif(o.e, 0e0))), 0e0) end as z
    from scored s
    join scored o on s.period = o.period and moved(s.period, s.period_start, -1) = o.period_start
        and s.place_no = o.place_no and s.segment_no = o.segment_no
)
select *, 2e0 * tail(abs(z)) as p from paired;
create temp table qs as
with ordered as (
    select c.period, c.period_start, c.place_no, c.segment_no, p, survey_kind, metric, segment_type,
        row_number() over (family order by p) as rank, count(*) over family as size
    from compared c join places using (place_no) join segments using (segment_no)
    where is_ranked and z is not null
    window family as (partition by period, period_start, survey_kind, metric, segment_type)
)
select period, period_start, place_no, segment_no, least(1e0, min(size * p / rank) over (
    partition by period, period_start, survey_kind, metric, segment_type order by rank desc)) as q
from ordered;
create table journey_metrics as
select s.period, s.period_start,
    case when s.period in ('all', 'rolling_90d') then s.period = 'rolling_90d'
        else moved(s.period, s.period_start, 1) <= getvariable('today') end as is_finished,
    l.journey_id, l.touchpoint_id, g.segment_type, g.segment, l.survey_kind, l.metric, s.n as answer_count,
    s.respondents as respondent_count, s.e as effective_count, s.score, s.low as score_low, s.high as score_high,
    case when s.is_points then 100e0 * (s.good - s.bad) / s.n else s.good / s.n end as unweighted_score,
    case when s.is_one_scale then case when s.w1 = s.w2 and s.w1 > 0 then s.v / s.n else s.vw / nullif(s.w, 0e0) end end as mean_value,
    case when s.is_one_scale then s.v / s.n end as unweighted_mean,
    case when s.is_points then s.good::bigint end as promoter_count,
    case when s.is_points then s.n - (s.good + s.bad)::bigint end as passive_count,
    case when s.is_points then s.bad::bigint end as detractor_count,
    case when not s.is_points then s.good::bigint end as top_count,
    case when not s.is_points then s.n - (s.good + s.bad)::bigint end as middle_count,
    case when not s.is_points then s.bad::bigint end as bottom_count,
    s.verdict, c.previous_score, s.score - c.previous_score as score_change, c.p as change_p_value, q.q as change_q_value
from scored s
join places l using (place_no)
join segments g using (segment_no)
left join compared c using (period, period_start, place_no, segment_no)
left join qs q using (period, period_start, place_no, segment_no)
where s.period <> 'rolling_90d' or s.period_start = (getvariable('today') - interval 90 day)::date;

---------- outcomes: the newest answer of a customer before leaving, and who left
create temp table classed as
select customer_no, journey_id, touchpoint_id, metric, max_by(score_class, rank) as score_class, max_by(profile_no, rank) as profile_no,
    max_by(cluster_no, rank) as cluster_no, max_by(is_apart, rank) as is_of_account
from (
    select c.customer_no, p.journey_id, p.touchpoint_id, p.metric, c.score_class, c.profile_no, c.cluster_no, c.is_apart,
        (c.submitted_at, -(c.value - s.scale_min) / (s.scale_max - s.scale_min), -c.a) as rank
    from cases c
    join spots s using (spot_no) join places_of using (spot_no) join places p using (place_no)
    where c.customer_no is not null and (c.left_at is null or c.submitted_at < c.left_at)
) group by all;
create table outcomes as
with worth as (
    select n.customer_no, left_at is not null as has_left, case when coalesce(currency, 'EUR') = 'EUR' then annual_value end as value
    from known join customer_nos n using (customer_id)
),
-- A customer without an account is a cluster of one: counted by profile, and only accounts are grouped.
grouped as (
    select journey_id, touchpoint_id, metric, score_class, profile_no, null::bigint as cluster_no, count(*) as customers,
        count(w.customer_no)::double as known, count(*) filter (w.has_left)::double as gone, sum(w.value) as value, count(w.value) as valued
    from classed c left join worth w using (customer_no) where not is_of_account group by all
),
accounts as (
    select c.journey_id, c.touchpoint_id, c.metric, c.score_class, s.segment_no, c.cluster_no, count(*) as customers,
        count(w.customer_no)::double as known, count(*) filter (w.has_left)::double as gone, sum(w.value) as value, count(w.value) as valued
    from classed c join segments_of s using (profile_no) left join worth w using (customer_no) where is_of_account group by all
),
parts as (
    select journey_id, touchpoint_id, metric, score_class, segment_no, customers, known, gone, known as clusters, gone as cc, gone as cw,
        known as ww, value, valued
    from grouped join segments_of using (profile_no)
    union all
    select journey_id, touchpoint_id, metric, score_class, segment_no, customers, known, gone, (known > 0)::double, gone * gone,
        gone * known, known * known, value, valued
    from accounts
),
counted as (
    select journey_id, touchpoint_id, segment_no, metric, score_class, sum(customers)::bigint as customers, sum(known) as known,
        sum(gone) as gone, sum(clusters) as clusters, sum(cc) as cc, sum(cw) as cw, sum(ww) as ww, sum(value) as value,
        sum(customers)::bigint - sum(valued)::bigint as unknown
    from parts group by all
),
sized as (
    select *, safe(gone, known) as share, case
        when not known > 0 then 0e0 when clusters = 1 then 1e0 when clusters = known then known
        when gone = 0 or gone = known then known * known / nullif(ww, 0e0)
        else known / greatest(1e0, clusters / nullif(clusters - 1e0, 0e0) * (known - 1e0) / known
            * greatest(cc - 2e0 * safe(gone, known) * cw + safe(gone, known) * safe(gone, known) * ww, 0e0)
            / (known * known) * known / (safe(gone, known) * (1e0 - safe(gone, known)))) end as e
    from counted
),
bounded as (
    select *, case when known > 0 then wilson_low(share, e) end as low, case when known > 0 then wilson_high(share, e) end as high
    from sized
)
select t.journey_id, t.touchpoint_id, g.segment_type, g.segment, t.metric, t.score_class, t.customers as customer_count,
    t.known::bigint as known_count, case when t.known > 0 then t.gone::bigint end as left_count, t.e as effective_count,
    t.share as left_share, t.low as left_low, t.high as left_high, verdict(t.e, t.low, t.high, 0.2) as verdict,
    t.share - o.share as difference_to_top,
    (t.share - o.share) - sqrt((t.share - t.low) * (t.share - t.low) + (o.high - o.share) * (o.high - o.share)) as difference_low,
    (t.share - o.share) + sqrt((t.high - t.share) * (t.high - t.share) + (o.share - o.low) * (o.share - o.low)) as difference_high,
    t.value as annual_value, t.unknown as unknown_value_count, 'EUR' as currency
from bounded t join segments g using (segment_no)
left join bounded o on t.journey_id = o.journey_id and t.touchpoint_id = o.touchpoint_id and t.segment_no = o.segment_no
    and t.metric = o.metric and t.score_class not in ('promoter', 'top') and o.score_class in ('promoter', 'top');

---------- coverage
create table coverage as
select w.journey_id, w.touchpoint_id, w."position"::bigint as "position", count(s.spot_no) > 0 as is_asked,
    count(*) filter (c.local_date >= getvariable('today') - 90 and c.local_date < getvariable('today')) as answers_90d,
    max(c.submitted_at) as last_answer_at
from places_told w
left join spots s on w.touchpoint_id = s.touchpoint_id
left join cases c using (spot_no)
group by all;
