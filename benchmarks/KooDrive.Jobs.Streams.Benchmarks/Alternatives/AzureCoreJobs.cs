using System.Text.Json;
using Azure;
using Azure.Core;
using Azure.Core.Pipeline;

namespace KooDrive.Jobs.Streams.Benchmarks;

/// <summary>Reads the list like a generated client of the Azure SDK: its pipeline, a JsonDocument for each page, AsyncPageable.</summary>
internal sealed class AzureCoreJobs(HttpClient client, Uri endpoint) : AsyncPageable<WireJob>
{
    private readonly HttpPipeline _pipeline = HttpPipelineBuilder.Build(new PipelineOptions { Transport = new HttpClientTransport(client) });

    public static async Task<Tally> ReadAllAsync(AzureCoreJobs jobs)
    {
        Tally tally = default;
        await foreach (WireJob job in jobs)
        {
            tally = tally.Add(job.TaskId);
        }

        return tally;
    }

    public override async IAsyncEnumerable<Page<WireJob>> AsPages(string? continuationToken = null, int? pageSizeHint = null)
    {
        for (long offset = 0; ; offset += KooDriveRequests.PageSize)
        {
            using HttpMessage message = _pipeline.CreateMessage();
            message.Request.Method = RequestMethod.Get;
            message.Request.Uri.Reset(new Uri(endpoint, KooDriveRequests.Address(offset)));
            await _pipeline.SendAsync(message, CancellationToken.None);
            if (message.Response.IsError)
            {
                throw new RequestFailedException(message.Response);
            }

            using JsonDocument document = await JsonDocument.ParseAsync(message.Response.ContentStream!);
            JsonElement data = document.RootElement.GetProperty("data"u8);
            var jobs = new List<WireJob>(data.GetArrayLength());
            foreach (JsonElement job in data.EnumerateArray())
            {
                jobs.Add(Read(job));
            }

            yield return Page<WireJob>.FromValues(jobs, continuationToken: null, message.Response);
            if (jobs.Count < KooDriveRequests.PageSize)
            {
                yield break;
            }
        }
    }

    private static WireJob Read(JsonElement element)
    {
        string taskId = "";
        string? containerId = null, tenantId = null, taskName = null, userId = null, downloadUrl = null;
        int? type = null, action = null, status = null, result = null, progress = null;
        long? resultCode = null, contentCount = null;
        DateTimeOffset? begin = null, end = null, create = null;
        foreach (JsonProperty member in element.EnumerateObject())
        {
            if (member.Value.ValueKind is JsonValueKind.Null)
            {
                continue;
            }

            if (member.NameEquals("taskId"u8))
            {
                taskId = member.Value.GetString()!;
            }
            else if (member.NameEquals("taskType"u8))
            {
                type = member.Value.GetInt32();
            }
            else if (member.NameEquals("actionType"u8))
            {
                action = member.Value.GetInt32();
            }
            else if (member.NameEquals("status"u8))
            {
                status = member.Value.GetInt32();
            }
            else if (member.NameEquals("taskResultCode"u8))
            {
                result = member.Value.GetInt32();
            }
            else if (member.NameEquals("resultCode"u8))
            {
                resultCode = member.Value.GetInt64();
            }
            else if (member.NameEquals("contentNum"u8))
            {
                contentCount = member.Value.GetInt64();
            }
            else if (member.NameEquals("containerId"u8))
            {
                containerId = member.Value.GetString();
            }
            else if (member.NameEquals("tenantId"u8))
            {
                tenantId = member.Value.GetString();
            }
            else if (member.NameEquals("beginTime"u8))
            {
                begin = TimestampConverter.Parse(member.Value.GetString());
            }
            else if (member.NameEquals("endTime"u8))
            {
                end = TimestampConverter.Parse(member.Value.GetString());
            }
            else if (member.NameEquals("createTime"u8))
            {
                create = TimestampConverter.Parse(member.Value.GetString());
            }
            else if (member.NameEquals("taskName"u8))
            {
                taskName = member.Value.GetString();
            }
            else if (member.NameEquals("userId"u8))
            {
                userId = member.Value.GetString();
            }
            else if (member.NameEquals("progress"u8))
            {
                progress = member.Value.GetInt32();
            }
            else if (member.NameEquals("downloadUrl"u8))
            {
                downloadUrl = member.Value.GetString();
            }
        }

        return new WireJob
        {
            TaskId = taskId,
            TaskType = (JobType?)type,
            ActionType = (JobAction?)action,
            Status = (JobStatus?)status,
            TaskResultCode = (JobResult?)result,
            ResultCode = resultCode,
            ContentNum = contentCount,
            ContainerId = containerId,
            TenantId = tenantId,
            BeginTime = begin,
            EndTime = end,
            CreateTime = create,
            TaskName = taskName,
            UserId = userId,
            Progress = progress,
            DownloadUrl = downloadUrl,
        };
    }

    private sealed class PipelineOptions : ClientOptions;
}
