using System.Buffers;
using System.Globalization;
using System.Text;
using KooDrive.Jobs.Streams.Cli.Execution;

namespace KooDrive.Jobs.Streams.Cli.Output;

/// <summary>Writes RFC 4180: a header row with the API's names, then one row per job. An absent field is empty.</summary>
/// <remarks>
/// A spreadsheet evaluates a cell as a formula if the first character is one of a few, even in quotes. An apostrophe precedes server text
/// that starts with such a character. Numbers and times are formatted here and cannot be formulas, so -1 stays a number.
/// </remarks>
internal sealed class CsvJobWriter(Stream output) : JobWriter(output)
{
    private static readonly SearchValues<char> NeedsQuotes = SearchValues.Create("\",\r\n");

    // Some locales also accept the last four, which are full-width forms.
    private static readonly SearchValues<char> FormulaStart = SearchValues.Create("=+-@\t\r\n\uFF1D\uFF0B\uFF0D\uFF20");

    protected override void Format(IReadOnlyList<Job> jobs, IBufferWriter<byte> page)
    {
        if (JobCount == 0)
        {
            page.Write("taskId,taskType,taskTypeName,actionType,actionTypeName,status,statusName,taskResultCode,taskResultCodeName,"u8);
            page.Write("resultCode,contentNum,containerId,tenantId,beginTime,endTime,createTime,taskName,userId,progress,downloadUrl\r\n"u8);
        }

        foreach (Job job in jobs)
        {
            Write(page, Text(job.TaskId));
            WriteCode(page, job.Type);
            WriteCode(page, job.Action);
            WriteCode(page, job.Status);
            WriteCode(page, job.Result);
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

    // The names are those of JSON.
    private static void WriteCode<T>(IBufferWriter<byte> page, T? code)
        where T : struct, Enum
    {
        WriteNext(page, code?.ToString("D"));
        WriteNext(page, EnumNames<T>.JsonName(code));
    }

    private static string? Number(long? value) => value?.ToString(CultureInfo.InvariantCulture);

    private static string? Time(DateTimeOffset? value) => value?.ToString("yyyy-MM-dd'T'HH:mm:sszzz", CultureInfo.InvariantCulture);

    private static string? Text(string? value)
    {
        if (value is not { Length: > 0 })
        {
            return value;
        }

        string cell = FormulaStart.Contains(value[0]) ? $"'{value}" : value;
        return cell.AsSpan().ContainsAny(NeedsQuotes) ? $"\"{cell.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : cell;
    }

    private static void WriteNext(IBufferWriter<byte> page, string? cell)
    {
        page.Write(","u8);
        Write(page, cell);
    }

    private static void Write(IBufferWriter<byte> page, string? cell) => CommandEnvironment.Encoding.GetBytes(cell ?? "", page);
}
