using System.Buffers;
using System.Globalization;
using System.Text;

namespace KooDrive.Jobs.Streams.Cli;

/// <summary>RFC 4180: a row of the API's names, then a row a job with every field; an absent one is empty.</summary>
internal sealed class CsvJobWriter(Stream output) : JobWriter(output)
{
    private static readonly SearchValues<char> NeedsQuotes = SearchValues.Create("\",\r\n");

    protected override void Format(IReadOnlyList<Job> jobs, IBufferWriter<byte> page)
    {
        if (Jobs == 0)
        {
            page.Write("taskId,taskType,actionType,status,taskResultCode,resultCode,contentNum,containerId,tenantId,"u8);
            page.Write("beginTime,endTime,createTime,taskName,userId,progress,downloadUrl\r\n"u8);
        }

        foreach (Job job in jobs)
        {
            Write(page, job.TaskId);
            WriteNext(page, (int?)job.Type);
            WriteNext(page, (int?)job.Action);
            WriteNext(page, (int?)job.Status);
            WriteNext(page, (int?)job.Result);
            WriteNext(page, job.ResultCodeText);
            WriteNext(page, job.ContentCount);
            WriteNext(page, job.ContainerId);
            WriteNext(page, job.TenantId);
            WriteNext(page, job.BeginTime);
            WriteNext(page, job.EndTime);
            WriteNext(page, job.CreateTime);
            WriteNext(page, job.TaskName);
            WriteNext(page, job.UserId);
            WriteNext(page, job.Progress);
            WriteNext(page, job.DownloadUrl);
            page.Write("\r\n"u8);
        }
    }

    private static void WriteNext(IBufferWriter<byte> page, long? value) => WriteNext(page, value?.ToString(CultureInfo.InvariantCulture));

    private static void WriteNext(IBufferWriter<byte> page, DateTimeOffset? value) =>
        WriteNext(page, value?.ToString("yyyy-MM-dd'T'HH:mm:sszzz", CultureInfo.InvariantCulture));

    private static void WriteNext(IBufferWriter<byte> page, string? value)
    {
        page.Write(","u8);
        Write(page, value);
    }

    private static void Write(IBufferWriter<byte> page, string? value)
    {
        string field = value.AsSpan().ContainsAny(NeedsQuotes) ? $"\"{value!.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : value ?? "";
        CommandEnvironment.Encoding.GetBytes(field, page);
    }
}
