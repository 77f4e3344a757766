//! What follows when something fails.

use serde_json::json;
use statewright::prelude::*;

use super::case::{Case, UNNAMED, Way, function, way};

pub(crate) fn cases() -> Vec<Case> {
    vec![
        Case {
            file: "aws-toolkit-vscode/0007",
            workflow: fallbacks(),
            ways: vec![
                way(json!({})).answer("HelloWorld", "hello"),
                way(json!({})).fails("HelloWorld", "CustomError"),
                way(json!({})).fails("HelloWorld", "Lambda.Unknown"),
                way(json!({})).fails("HelloWorld", "States.Timeout"),
            ],
        },
        // By hand, its last step reads what the one before has cut away: on the way through, every run fails there.
        Case {
            file: "glue-pipeline/2",
            workflow: report(false),
            ways: vec![
                way(json!({})).fails("Run Glue Job", "States.TaskFailed").answer("Notify Error Message", json!({})),
                way(json!({})).answer("Run Glue Job", json!({ "JobRunId": "j" })).fails("Fetch Data", "Odd"),
            ],
        },
        Case {
            file: "glue-pipeline/3",
            workflow: report(true),
            ways: ["Choice A", "Choice B", "Choice C"]
                .map(|choice| {
                    way(json!({}))
                        .answer("Fetch Config", choice)
                        .fails("Glue Job A", "States.TaskFailed")
                        .answer("Glue Job B", json!({ "JobRunId": "j" }))
                        .answer("Notify Error Message", json!({}))
                        .fails("Fetch Data", "Odd")
                })
                .to_vec(),
        },
        Case {
            file: "workflows-collection/0176",
            workflow: callback(),
            ways: vec![
                way(json!({}))
                    .answer("Start Task And Wait For Callback", json!({ "ok": true }))
                    .answer("Notify Success", json!({ "MessageId": "s" })),
                way(json!({}))
                    .fails("Start Task And Wait For Callback", "Refused")
                    .answer("Notify Failure", json!({ "MessageId": "f" })),
            ],
        },
        Case { file: "workflows-collection/0110", workflow: saga(), ways: saga_ways() },
    ]
}

fn fallbacks() -> Workflow {
    let named = function("arn:aws:lambda:REGION:ACCOUNT_ID:function:FUNCTION_NAME");
    Workflow::new("fallbacks", |w, input: Value<Json>| {
        w.attempt("Attempt", |w| w.run("HelloWorld", named.invoke(input)))
            .recover_on("CustomError", |w, _| {
                w.value("This is a fallback from a custom lambda function exception").untyped()
            })
            .recover_on(errors::TASK_FAILED, |w, _| w.value("This is a fallback from a reserved error code").untyped())
            .recover(|w, _| w.value("This is a fallback from a reserved error code").untyped())
    })
}

/// `is_chosen`: a configuration says which job runs.
fn report(is_chosen: bool) -> Workflow {
    const REPORTS: sns::Topic = sns::Topic::named("TOPIC_ARN");
    let named = function("arn:aws:lambda:REGION:ACCOUNT_ID:function:FUNCTION_NAME");
    Workflow::new("report", |w, input: Value<Json>| {
        let configured = is_chosen.then(|| w.run("Fetch Config", named.invoke(input)));
        let attempt = w.attempt("Jobs", |w| {
            let run = |w: &mut Scope, name: &str, job: &str| w.run(name, glue::StartJobRun::new(job)).untyped();
            match configured {
                None => run(w, "Run Glue Job", "GLUE_JOB_NAME"),
                Some(configured) => w
                    .when("Choice Glue", configured.eq(json!("Choice B")), |w| run(w, "Glue Job B", "GLUE_JOB_B_NAME"))
                    .otherwise(|w| run(w, "Glue Job A", "GLUE_JOB_A_NAME")),
            }
        });
        let done = attempt.recover(|w, error| {
            let subject = "[ERROR]: Step Functions workflow failed";
            w.run("Notify Error Message", sns::Publish::new(REPORTS, error).subject(subject));
            w.fail("Workflow Failure", UNNAMED, "the job failed")
        });
        let data = w.run("Fetch Data", named.invoke(done));
        let subject = "[SQL QUERY]: Here's your query result";
        w.run("SNS Notify", sns::Publish::new(REPORTS, data).subject(subject)).untyped()
    })
}

fn callback() -> Workflow {
    #[derive(Shape)]
    #[serde(rename_all = "PascalCase")]
    struct Started {
        message_title: String,
        task_token: String,
    }
    const QUEUE: sqs::Queue = sqs::Queue::url("https://sqs.us-east-1.amazonaws.com/123456789012/SQSQueue");
    const TOPIC: sns::Topic = sns::Topic::arn("arn:aws:sns:us-east-1:123456789012:SNSTopic");
    Workflow::new("callback", |w, _: Value<Json>| {
        let (failed, end) = (w.forward_label("Failed"), w.forward_label_with::<Json>("End"));
        let message_title = "Task started by Step Functions. Waiting for callback with task token.".into();
        let message = StartedFields { message_title, task_token: task::token() };
        let step = sqs::SendMessage::new(QUEUE, message).wait_for_task_token::<Json>();
        w.run("Start Task And Wait For Callback", step.catch(errors::ALL, move |w, _| w.goto(failed)));
        let told = "Callback received. Task started by Step Functions succeeded.";
        let told = w.run("Notify Success", sns::Publish::new(TOPIC, told));
        let _ = w.goto_with(end, told.untyped());
        w.place(failed);
        let told = w.run("Notify Failure", sns::Publish::new(TOPIC, "Task started by Step Functions failed."));
        let _ = w.goto_with(end, told.untyped());
        w.place_with(end)
    })
}

macro_rules! noted {
    ($($name:ident $fields:ident = $field:literal;)+) => { $(
        #[derive(Shape)]
        struct $name {
            #[serde(rename = $field)]
            value: Json,
        }

        impl $name {
            /// The same object with one field more.
            fn in_state(state: Value<Json>, value: Value<Json>) -> Value<Json> {
                state.merge($fields { value }.typed().untyped())
            }
        }
    )+ };
}

noted! {
    Flight FlightFields = "ReserveFlightResult";
    Rental RentalFields = "ReserveCarRentalResult";
    Payment PaymentFields = "ProcessPaymentResult";
    ConfirmedFlight ConfirmedFlightFields = "ConfirmFlightResult";
    FlightError FlightErrorFields = "ReserveFlightError";
    RentalError RentalErrorFields = "ReserveCarRentalError";
    PaymentError PaymentErrorFields = "ProcessPaymentError";
    ConfirmFlightError ConfirmFlightErrorFields = "ConfirmFlightError";
    ConfirmRentalError ConfirmRentalErrorFields = "ConfirmCarRentalError";
    Refund RefundFields = "RefundPaymentResult";
    RentalCancelled RentalCancelledFields = "CancelRentalReservationResult";
}

/// The whole of what a function gives, as the definition keeps it.
#[derive(Shape)]
#[serde(rename_all = "PascalCase")]
struct Response {
    payload: Json,
    status_code: i64,
}

/// Reserves and pays, and takes back what was done if something fails. The state of the whole goes along with each jump.
fn saga() -> Workflow {
    const TOPIC: sns::Topic = sns::Topic::arn("arn:aws:sns:us-east-1:123456789012:StateMachineTopic");
    const NAMES: [&str; 3] = ["Lambda.ServiceException", "Lambda.AWSLambdaException", "Lambda.SdkClientException"];
    fn call(name: &str, state: Value<Json>) -> lambda::Invoke<Json> {
        let name = format!("arn:aws:lambda:us-east-1:123456789012:function:StateMachine{name}LambdaHandler");
        let retry = Retry::on(NAMES).interval(Duration::from_secs(2)).max_attempts(6).backoff_rate(2.0);
        function(name.leak()).invoke(state).retry(retry)
    }
    fn whole(payload: Value<Json>) -> Value<Json> {
        ResponseFields { payload, status_code: 200.into() }.typed().untyped()
    }
    Workflow::new("saga", |w, trip: Value<Json>| {
        let refund = w.forward_label_with::<Json>("Refund");
        let cancel_rental = w.forward_label_with::<Json>("CancelRental");
        let cancel_flight = w.forward_label_with::<Json>("CancelFlight");

        let step = call("reserveFlight", trip).catch(errors::ALL, move |w, error| {
            w.goto_with(cancel_flight, FlightError::in_state(trip, error.untyped()))
        });
        let trip = Flight::in_state(trip, whole(w.run("ReserveFlight", step)));
        let step = call("reserveRental", trip).catch(errors::ALL, move |w, error| {
            w.goto_with(cancel_rental, RentalError::in_state(trip, error.untyped()))
        });
        let trip = Rental::in_state(trip, whole(w.run("ReserveCarRental", step)));
        let step = call("processPayment", trip)
            .catch(errors::ALL, move |w, error| w.goto_with(refund, PaymentError::in_state(trip, error.untyped())));
        let trip = Payment::in_state(trip, whole(w.run("ProcessPayment", step)));
        let step = call("confirmFlight", trip).catch(errors::ALL, move |w, error| {
            w.goto_with(refund, ConfirmFlightError::in_state(trip, error.untyped()))
        });
        let trip = ConfirmedFlight::in_state(trip, whole(w.run("ConfirmFlight", step)));
        let step = call("confirmRental", trip).catch(errors::ALL, move |w, error| {
            w.goto_with(refund, ConfirmRentalError::in_state(trip, error.untyped()))
        });
        w.run("ConfirmCarRental", step);
        let told = w.run("SendingSMSSuccess", sns::Publish::new(TOPIC, "Your Travel Reservation is Successful"));
        let _ = w.succeed_with("Reservation Successful!", told);

        let again = || Retry::on_any().max_attempts(3);
        let trip = w.place_with(refund);
        let refunded = w.run("RefundPayment", call("refundPayment", trip).retry(again()));
        let _ = w.goto_with(cancel_rental, Refund::in_state(trip, whole(refunded)));
        let trip = w.place_with(cancel_rental);
        let cancelled = w.run("CancelRentalReservation", call("cancelRental", trip).retry(again()));
        let _ = w.goto_with(cancel_flight, RentalCancelled::in_state(trip, whole(cancelled)));
        let trip = w.place_with(cancel_flight);
        w.run("CancelFlightReservation", call("cancelFlight", trip).retry(again()));
        w.run("SendingSMSFailure", sns::Publish::new(TOPIC, "Your Travel Reservation Failed"));
        w.fail("Reservation Failed", "Job Failed", "what was reserved is cancelled")
    })
}

fn saga_ways() -> Vec<Way> {
    const STATES: [&str; 8] = [
        "ReserveFlight",
        "ReserveCarRental",
        "ProcessPayment",
        "ConfirmFlight",
        "ConfirmCarRental",
        "RefundPayment",
        "CancelRentalReservation",
        "CancelFlightReservation",
    ];
    let all = |failing: &str| {
        let start = way(json!({ "trip": "t" }));
        let answered = STATES.into_iter().filter(|state| *state != failing);
        let answered = answered.fold(start, |way, state| way.answer(state, json!({ "of": state })));
        answered.answer("SendingSMSSuccess", json!({ "MessageId": "s" })).answer("SendingSMSFailure", json!({}))
    };
    let failing = STATES[..5].iter().map(|state| all(state).fails(state, "Odd"));
    failing.chain([all("")]).collect()
}
