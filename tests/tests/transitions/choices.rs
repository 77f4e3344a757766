//! Choices.

use serde_json::json;
use statewright::prelude::*;
use statewright::service::dynamodb::{Table, attributes};

use super::case::{Case, UNNAMED, function, way};

pub(crate) fn cases() -> Vec<Case> {
    vec![
        Case {
            file: "aws-toolkit-vscode/0008",
            workflow: by_number(),
            ways: [1, 2, 3]
                .map(|number| {
                    way(json!({ "x": 1 }))
                        .answer("FirstState", json!({ "foo": number }))
                        .answer("FirstMatchState", "first")
                        .answer("SecondMatchState", "second")
                        .answer("NextState", json!({ "done": true }))
                })
                .to_vec(),
        },
        Case {
            file: "sam-cli/0037",
            workflow: stock(),
            ways: vec![
                way(json!({ "symbol": "A" }))
                    .answer("Recommend Stock Transaction", json!({ "action": "Buy" }))
                    .fails("Buy Stock", "Lambda.ServiceException")
                    .answer("Buy Stock", "bought"),
                way(json!({ "symbol": "A" }))
                    .answer("Recommend Stock Transaction", json!({ "action": "Sell" }))
                    .answer("Sell Stock", "sold"),
                way(json!({ "symbol": "A" })).fails("Recommend Stock Transaction", "Odd"),
            ],
        },
        Case {
            file: "workflows-collection/0058",
            workflow: events(),
            ways: ["productReceived", "productShipped", "productAdjusted", "productLost"]
                .map(|kind| {
                    let product =
                        json!({ "UpdatedProduct": "u", "Event": "e", "Product_Id": "p", "EventDateTime": "t" });
                    way(json!({ "event": 1 }))
                        .answer("ValidateEvent", json!({ "detail": { "ProductEvent": { "eventType": kind } } }))
                        .answer("Process Product Received", product.clone())
                        .answer("Process Product Shipped", product.clone())
                        .answer("Process Product Adjust", product)
                        .answer(
                            "Store Event and Product Entity state changes in the Event Store",
                            json!({ "ok": true }),
                        )
                })
                .to_vec(),
        },
        Case {
            file: "workflows-collection/0066",
            workflow: thumbnail(),
            ways: [1, 0]
                .map(|valid| {
                    way(json!({ "image": "i" }))
                        .answer("getimageMetadata", json!([{ "isValidImage": valid }, { "size": 3 }]))
                        .answer("thumbnailCreation", "thumbnail")
                })
                .to_vec(),
        },
        Case {
            file: "moto/0001",
            workflow: public(),
            ways: vec![way(json!({ "type": "Public" })), way(json!({ "type": "Private" }))],
        },
        Case {
            file: "devguide-2022/0063",
            workflow: approved_trade(),
            ways: ["buy", "sell"]
                .map(|kind| {
                    way(json!({ "symbol": "A" }))
                        .answer("Check Stock Price", json!({ "stock_price": 5 }))
                        .answer("Generate Buy/Sell recommendation", kind)
                        .answer("Request Human Approval", json!({ "approved": true }))
                        .answer("Buy Stock", json!({ "bought": 1 }))
                        .answer("Sell Stock", json!({ "sold": 1 }))
                        .answer("Report Result", json!({ "MessageId": "m" }))
                })
                .to_vec(),
        },
        Case {
            file: "aws-toolkit-vscode/0013",
            workflow: waits(),
            ways: vec![
                way(json!({}))
                    .answer("FirstState", json!({ "expirydate": "2016-03-14T01:59:00Z", "expiryseconds": 7 }))
                    .answer("FinalState", "done"),
            ],
        },
    ]
}

fn by_number() -> Workflow {
    let first = function("arn:aws:lambda:REGION:ACCOUNT_ID:function:FUNCTION_NAME");
    let on_first = function("arn:aws:lambda:REGION:ACCOUNT_ID:function:OnFirstMatch");
    let on_second = function("arn:aws:lambda:REGION:ACCOUNT_ID:function:OnSecondMatch");
    Workflow::new("by-number", |w, input: Value<Json>| {
        let found = w.run("FirstState", first.invoke(input));
        let counted = found.get::<i64>("foo");
        let matched = w
            .when("ChoiceState", counted.eq(1), |w| w.run("FirstMatchState", on_first.invoke(found)))
            .or_when(counted.eq(2), |w| w.run("SecondMatchState", on_second.invoke(found)))
            .otherwise(|w| w.fail("DefaultState", "DefaultStateError", "No Matches!"));
        w.run("NextState", first.invoke(matched))
    })
}

fn stock() -> Workflow {
    let named = |name| function(name);
    let recommend = named("arn:aws:lambda:us-east-1:123456789012:function:StockActionRecommenderFunction");
    let buy = named("arn:aws:lambda:us-east-1:123456789012:function:StockBuyerFunction");
    let sell = named("arn:aws:lambda:us-east-1:123456789012:function:StockSellerFunction");
    let retry = |seconds, times, rate| {
        Retry::on("States.TaskFailed").interval(Duration::from_secs(seconds)).max_attempts(times).backoff_rate(rate)
    };
    Workflow::new("stock", |w, input: Value<Json>| {
        let advice = w.run("Recommend Stock Transaction", recommend.invoke(input).retry(retry(14, 1, 1.5)));
        w.when("Buy or Sell?", advice.get::<String>("action").eq("Buy"), |w| {
            w.run("Buy Stock", buy.invoke(advice).retry(retry(2, 3, 1.0)))
        })
        .otherwise(|w| w.run("Sell Stock", sell.invoke(advice).retry(retry(2, 3, 1.0))))
    })
}

/// The retry that AWS's own samples write after each function.
pub(crate) fn sample_retry() -> Retry {
    let names = [
        "Lambda.ServiceException",
        "Lambda.AWSLambdaException",
        "Lambda.SdkClientException",
        "Lambda.TooManyRequestsException",
    ];
    Retry::on(names).interval(Duration::from_secs(2)).max_attempts(6).backoff_rate(2.0)
}

fn events() -> Workflow {
    const VALIDATE: &str = "arn:aws:lambda:us-east-1:123456789012:function:ESPValidateEventArn";
    const RECEIVED: &str = "arn:aws:lambda:us-east-1:123456789012:function:ESPProcessProductReceivedArn";
    const SHIPPED: &str = "arn:aws:lambda:us-east-1:123456789012:function:ESPProcessProductShippedArn";
    const ADJUSTED: &str = "arn:aws:lambda:us-east-1:123456789012:function:ESPProcessProductAdjustedArn";
    const EVENTS: Table = Table::named("ESPDynamoDBTableName");
    Workflow::new("events", |w, event: Value<Json>| {
        let validated = w.run("ValidateEvent", function(VALIDATE).invoke(event).retry(sample_retry()));
        let detail = validated.get::<Json>("detail");
        let kind = detail.get::<Json>("ProductEvent").get::<String>("eventType");
        let process = |w: &mut Scope, name: &str, of: &'static str| {
            w.run(name, function(of).invoke(detail).retry(sample_retry()))
        };
        let product = w
            .when("Event Router", kind.eq("productReceived"), |w| process(w, "Process Product Received", RECEIVED))
            .or_when(kind.eq("productShipped"), |w| process(w, "Process Product Shipped", SHIPPED))
            .or_when(kind.eq("productAdjusted"), |w| process(w, "Process Product Adjust", ADJUSTED))
            .otherwise(|w| w.fail("Fail", UNNAMED, "no such event"));
        let item = attributes()
            .text("Product_Id", product.get::<String>("Product_Id"))
            .text("Event_DateTime", product.get::<String>("EventDateTime"))
            .text("Event", product.get::<String>("Event"))
            .text("Product_Details", product.get::<String>("UpdatedProduct"));
        w.run("Store Event and Product Entity state changes in the Event Store", EVENTS.put(item)).untyped()
    })
}

fn thumbnail() -> Workflow {
    const LOOK: lambda::Function<Json, Vec<Json>> =
        lambda::Function::named("arn:aws:lambda:us-east-1:123456789012:function:getImageMetadata");
    let make = function("arn:aws:lambda:us-east-1:123456789012:function:generateThumbnail");
    Workflow::new("thumbnail", |w, image: Value<Json>| {
        let found = w.run("getimageMetadata", LOOK.invoke(image).retry(sample_retry()));
        let valid = found.get(0).expect_some().get::<i64>("isValidImage");
        w.when("validateImage", valid.eq(1), |w| {
            w.run("thumbnailCreation", make.invoke(found.get(1).expect_some()).retry(sample_retry()))
        })
        .otherwise(|w| {
            let cause = "Image is not in valid format or size!!";
            w.fail("notvalidImageFormat", cause, cause)
        })
    })
}

fn public() -> Workflow {
    Workflow::new("public", |w, input: Value<Json>| {
        w.when("ChoiceStateX", input.get::<String>("type").eq("Public"), |_| input)
            .otherwise(|w| w.fail("DefaultState", UNNAMED, "No Matches!"))
    })
}

#[derive(Shape)]
#[serde(rename_all = "PascalCase")]
struct Approval {
    input: Json,
    task_token: String,
}

#[derive(Shape)]
#[serde(rename_all = "PascalCase")]
struct Report {
    input: Json,
}

#[derive(Shape)]
struct Recommended {
    recommended_type: String,
}

fn approved_trade() -> Workflow {
    const PRICE: &str = "arn:aws:lambda:us-west-1:111122223333:function:StepFunctionsSample-HelloLam-CheckStockPriceLambda-444455556666";
    const RECOMMEND: lambda::Function<Json, String> = lambda::Function::named(
        "arn:aws:lambda:us-west-1:111122223333:function:StepFunctionsSample-Hello-GenerateBuySellRecommend-123456789012",
    );
    const BUY: &str =
        "arn:aws:lambda:us-west-1:111122223333:function:StepFunctionsSample-HelloLambda-BuyStockLambda-000000000000";
    const SELL: &str =
        "arn:aws:lambda:us-west-1:111122223333:function:StepFunctionsSample-HelloLambda-SellStockLambda-111111111111";
    const ASK: sqs::Queue = sqs::Queue::url(
        "https://sqs.us-west-1.amazonaws.com/111122223333/StepFunctionsSample-HelloLambda4444-5555-6666-RequestHumanApprovalSqs-777788889999",
    );
    const RESULTS: sns::Topic = sns::Topic::arn(
        "arn:aws:sns:us-west-1:111122223333:StepFunctionsSample-HelloLambda1111-2222-3333-ReportResultSnsTopic-222222222222",
    );
    Workflow::new("approved-trade", |w, input: Value<Json>| {
        let price = w.run("Check Stock Price", function(PRICE).invoke(input));
        let recommended_type = w.run("Generate Buy/Sell recommendation", RECOMMEND.invoke(price));
        let trade = price.merge(RecommendedFields { recommended_type }.typed().untyped());
        let ask = ApprovalFields { input: trade, task_token: task::token() };
        w.run("Request Human Approval", sqs::SendMessage::new(ASK, ask).wait_for_task_token::<Json>());
        let done = w
            .when("Buy or Sell?", recommended_type.eq("buy"), |w| w.run("Buy Stock", function(BUY).invoke(trade)))
            .or_when(recommended_type.eq("sell"), |w| w.run("Sell Stock", function(SELL).invoke(trade)))
            .otherwise(|w| w.fail("Neither", "Neither", "neither buy nor sell"));
        w.run("Report Result", sns::Publish::new(RESULTS, ReportFields { input: done })).untyped()
    })
}

fn waits() -> Workflow {
    let named = function("arn:aws:lambda:REGION:ACCOUNT_ID:function:FUNCTION_NAME");
    Workflow::new("waits", |w, input: Value<Json>| {
        let first = w.run("FirstState", named.invoke(input));
        w.wait("wait_using_seconds", Duration::from_secs(10));
        w.wait("wait_using_timestamp", "2015-09-04T01:59:00Z");
        w.wait("wait_using_timestamp_path", first.get::<Timestamp>("expirydate"));
        w.wait("wait_using_seconds_path", first.get::<i64>("expiryseconds"));
        w.run("FinalState", named.invoke(first))
    })
}
