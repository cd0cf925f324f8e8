using System.Buffers;
using System.Globalization;
using System.Text;

namespace KooDrive.Jobs.Streams.Cli.Output;

/// <summary>RFC 4180: a row of the API's names, then one row per job with every field; an absent field is empty.</summary>
/// <remarks>
/// A spreadsheet executes a cell as a formula by its first character, in quotes or not. Text from the server that begins with such a
/// character is preceded by an apostrophe. Numbers and times are formatted here and cannot be formulas, so that -1 stays a number.
/// </remarks>
internal sealed class CsvJobWriter(Stream output) : JobWriter(output)
{
    private static readonly SearchValues<char> NeedsQuotes = SearchValues.Create("\",\r\n");

    // The last four are the full-width forms, which some locales accept.
    private static readonly SearchValues<char> BeginsFormula = SearchValues.Create("=+-@\t\r\n\uFF1D\uFF0B\uFF0D\uFF20");

    protected override void Format(IReadOnlyList<Job> jobs, IBufferWriter<byte> page)
    {
        if (Jobs == 0)
        {
            page.Write("taskId,taskType,actionType,status,taskResultCode,resultCode,contentNum,containerId,tenantId,"u8);
            page.Write("beginTime,endTime,createTime,taskName,userId,progress,downloadUrl\r\n"u8);
        }

        foreach (Job job in jobs)
        {
            Write(page, Text(job.TaskId));
            WriteNext(page, Number((int?)job.Type));
            WriteNext(page, Number((int?)job.Action));
            WriteNext(page, Number((int?)job.Status));
            WriteNext(page, Number((int?)job.Result));
            WriteNext(page, job.ResultCode is null ? Text(job.ResultCodeText) : Number(job.ResultCode));
            WriteNext(page, Number(job.ContentCount));
            WriteNext(page, Text(job.ContainerId));
            WriteNext(page, Text(job.TenantId));
            WriteNext(page, Time(job.BeginTime));
            WriteNext(page, Time(job.EndTime));
            WriteNext(page, Time(job.CreateTime));
            WriteNext(page, Text(job.TaskName));
            WriteNext(page, Text(job.UserId));
            WriteNext(page, Number(job.Progress));
            WriteNext(page, Text(job.DownloadUrl));
            page.Write("\r\n"u8);
        }
    }

    private static string? Number(long? value) => value?.ToString(CultureInfo.InvariantCulture);

    private static string? Time(DateTimeOffset? value) => value?.ToString("yyyy-MM-dd'T'HH:mm:sszzz", CultureInfo.InvariantCulture);

    private static string? Text(string? value)
    {
        if (value is not { Length: > 0 })
        {
            return value;
        }

        string cell = BeginsFormula.Contains(value[0]) ? $"'{value}" : value;
        return cell.AsSpan().ContainsAny(NeedsQuotes) ? $"\"{cell.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : cell;
    }

    private static void WriteNext(IBufferWriter<byte> page, string? cell)
    {
        page.Write(","u8);
        Write(page, cell);
    }

    private static void Write(IBufferWriter<byte> page, string? cell) => CommandEnvironment.Encoding.GetBytes(cell ?? "", page);
}
