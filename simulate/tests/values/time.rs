//! Points in time.

use super::*;

fn time<U: Shape>(compute: impl Fn(Value<Timestamp>) -> Value<U>, table: &[(Json, Json)]) {
    gives(compute, table);
}

/// Sunday, the first of March 2026, a quarter to one in the morning; in Tokyo it is a quarter to ten.
const SUNDAY: &str = "2026-03-01T00:45:30.250Z";

#[test]
fn time_is_shifted_and_compared() {
    time(|t| t.plus_hours(1), table!(SUNDAY => "2026-03-01T01:45:30.250Z"));
    time(|t| t.minus_days(t.weekday()), table!(SUNDAY => "2026-02-22T00:45:30.250Z"));
    time(
        |t| t.plus_minutes(t.hour() + 15).plus_seconds(30).minus_hours(1),
        table!(SUNDAY => "2026-03-01T00:01:00.250Z"),
    );
    time(
        |t| t.plus(Duration::from_millis(750)).minus(Duration::from_secs(1)),
        table!(SUNDAY => "2026-03-01T00:45:30.000Z"),
    );
    let late: Value<Timestamp> = "2026-03-01T09:45:30.250+09:00".parse_at();
    time(|t| t.eq(late), table!(SUNDAY => true, "2026-03-01T00:45:30Z" => false));
    time(|t| t.ne(late), table!(SUNDAY => false));
    time(|t| t.is_after(late), table!(SUNDAY => false, "2026-03-01T00:45:31Z" => true, "2026-03-01T09:00:00Z" => true));
    time(|t| t.is_before(late), table!(SUNDAY => false, "2026-03-01T00:45:30.249Z" => true));
    time(|t| t.ge(late) & t.le(late), table!(SUNDAY => true, "2026-03-02T00:00:00Z" => false));
    time(|t| t.seconds_since(late), table!("2026-03-01T00:46:00Z" => 29, "2026-03-01T00:45:00Z" => (-31)));
    time(|t| t.millis_since(late), table!("2026-03-01T00:45:30.000Z" => (-250)));
    time(|t| t.hours_since(late), table!("2026-03-02T00:45:30.249Z" => 23, "2026-03-02T00:45:30.250Z" => 24));
    time(|t| t.days_since(late), table!("2026-03-03T00:00:00Z" => 1));
    gives(
        |l: Value<Vec<Timestamp>>| l.sort(),
        table!(["2026-03-01T02:00:00+09:00", "2026-02-28T16:00:00Z"] => ["2026-02-28T16:00:00Z", "2026-03-01T02:00:00+09:00"]),
    );
}

/// A point in time that is known now.
trait ParseAt {
    fn parse_at(self) -> Value<Timestamp>;
}

impl ParseAt for &str {
    fn parse_at(self) -> Value<Timestamp> {
        Value::<String>::from(self).to_timestamp()
    }
}

#[test]
fn time_has_parts() {
    time(|t| t.year(), table!(SUNDAY => 2026));
    time(|t| t.month(), table!(SUNDAY => 3));
    time(|t| t.day(), table!(SUNDAY => 1));
    time(|t| t.weekday(), table!(SUNDAY => 7, "2026-03-02T00:00:00Z" => 1));
    time(|t| t.hour(), table!(SUNDAY => 0, "2026-03-02T23:00:00Z" => 23));
    time(|t| t.part(TimePart::Minute), table!(SUNDAY => 45));
    time(|t| t.part(TimePart::Second), table!(SUNDAY => 30));
    time(|t| t.part(TimePart::DayOfYear), table!(SUNDAY => 60));
    time(|t| t.part(TimePart::Week), table!(SUNDAY => 9, "2026-03-02T00:00:00Z" => 10));
    time(|t| t.part_in(TimePart::Hour, "+0900"), table!(SUNDAY => 9));
    time(|t| t.start_of_hour(), table!(SUNDAY => "2026-03-01T00:00:00.000Z"));
    time(
        |t| t.plus_hours(5).start_of_day(),
        table!(SUNDAY => "2026-03-01T00:00:00.000Z", "1969-12-31T23:00:00Z" => "1970-01-01T00:00:00.000Z"),
    );
    time(|t| t.start_of_month(), table!("2026-02-28T23:00:00Z" => "2026-02-01T00:00:00.000Z"));
    time(|t| t.start_of_year(), table!(SUNDAY => "2026-01-01T00:00:00.000Z"));
    time(|t| t.start_of_day_in("-0500"), table!(SUNDAY => "2026-02-28T00:00:00.000-05:00"));
    time(|t| t.start_of_day_in(Offset::hours(9)).minus_hours(0).millis(), table!(SUNDAY => 1_772_290_800_000_i64));
    time(|t| t.start_of_month_in("-0500").plus_days(0), table!(SUNDAY => "2026-02-01T05:00:00.000Z"));
}

#[test]
fn time_is_read_and_written() {
    gives(|t: Value<String>| t.parse_time("[D01].[M01].[Y0001]"), table!("01.03.2026" => "2026-03-01T00:00:00.000Z"));
    gives(|n: Value<i64>| n.millis_to_timestamp(), table!(1_772_325_930_250_i64 => SUNDAY));
    gives(|n: Value<i64>| n.seconds_to_timestamp().plus_hours(1), table!(0 => "1970-01-01T01:00:00.000Z"));
    time(|t| t.format("[FNn], [D1o] [MNn] [Y]"), table!(SUNDAY => "Sunday, 1st March 2026"));
    time(|t| text!("{t}"), table!(SUNDAY => SUNDAY));
    let known: jiff::Timestamp = SUNDAY.parse().unwrap();
    time(|t| t.is_before(known), table!(SUNDAY => false, "2026-02-28T00:00:00Z" => true));
    gives(|t: Value<jiff::Timestamp>| t.plus_hours(1).date(), table!(SUNDAY => "2026-03-01"));
}
