using System.Text;
using KooDrive.Jobs.Streams.Errors;
using KooDrive.Jobs.Streams.Http.Reading;

namespace KooDrive.Jobs.Streams.Tests.Http.Reading;

/// <summary>Responses for the reader.</summary>
internal static class Pages
{
    /// <summary>The example of the API document, "Listing Batch Tasks".</summary>
    public const string Documented = """
        {
        "data" : [ {
        "taskId" : "1320279189273965056",
        "taskType" : 2,
        "actionType" : 201,
        "status" : 2,
        "taskResultCode" : 1,
        "contentNum" : 1,
        "containerId" : "IAADfsBFCO6WtAtuA9add2fea594e4e75b8feb8474ef236",
        "beginTime" : "20231227151904",
        "endTime" : "20231227151904",
        "createTime" : "20231227151904"
        }, {
        "taskId" : "1320279092268104960",
        "taskType" : 2,
        "actionType" : 201,
        "status" : 2,
        "taskResultCode" : 1,
        "contentNum" : 4,
        "containerId" : "IAADfsBFCO6WtAtuA9add2fea594e4e75b8feb8474ef236",
        "beginTime" : "20231227151852",
        "endTime" : "20231227151852",
        "createTime" : "20231227151852"
        } ],
        "code" : 0,
        "msg" : "OK"
        }
        """;

    /// <summary>Every member of all editions of the API document.</summary>
    public const string Full = """
        {"code":"0","msg":"成功","data":[{"taskId":"1","taskType":6,"actionType":501,"status":1,"taskResultCode":2,"resultCode":13000311,
        "contentNum":7,"containerId":"c","tenantId":"t","beginTime":"20240229000000","endTime":"20240229235959","createTime":"20231231235959",
        "taskName":"n\u00e9","userId":"u","progress":40,"downloadUrl":"https:\/\/d\/1?k=v","children":[{"taskId":"no"},[1,2]],"x":null}]}
        """;

    public static RequestFacts Facts { get; } =
        new() { Offset = 200, Limit = 100, TraceId = "trace", RequestId = "request", StatusCode = System.Net.HttpStatusCode.OK };

    public static JobPage Read(string body, TimeSpan timestampOffset = default) => Read(Encoding.UTF8.GetBytes(body), timestampOffset);

    public static JobPage Read(byte[] body, TimeSpan timestampOffset = default) => PageReader.Read(body, timestampOffset, Facts);

    /// <summary>Reads a page with one job, which has these members in addition to its id.</summary>
    public static Job ReadJob(string members) => Assert.Single(Read($$"""{"code":0,"data":[{"taskId":"1",{{members}}}]}""").Jobs);

    public static JobsResponseException Reject(string body) => Assert.Throws<JobsResponseException>(() => Read(body));
}
