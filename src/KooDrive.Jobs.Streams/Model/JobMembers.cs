using System.Text;
using System.Text.Json;

namespace KooDrive.Jobs.Streams.Model;

/// <summary>The members of <c>JobInfo</c> (API document, "Listing Batch Tasks"), in the order of the document.</summary>
internal enum JobMember
{
    TaskId,
    TaskType,
    ActionType,
    Status,
    TaskResultCode,
    ResultCode,
    ContentNum,
    ContainerId,
    TenantId,
    BeginTime,
    EndTime,
    CreateTime,
    TaskName,
    UserId,
    Progress,
    DownloadUrl,
    Unknown,
}

/// <summary>The names of <see cref="JobMember"/> in JSON, in the same order. All readers and the writer use this table.</summary>
internal static class JobMembers
{
    private static readonly byte[][] Names =
    [
        "taskId"u8.ToArray(),
        "taskType"u8.ToArray(),
        "actionType"u8.ToArray(),
        "status"u8.ToArray(),
        "taskResultCode"u8.ToArray(),
        "resultCode"u8.ToArray(),
        "contentNum"u8.ToArray(),
        "containerId"u8.ToArray(),
        "tenantId"u8.ToArray(),
        "beginTime"u8.ToArray(),
        "endTime"u8.ToArray(),
        "createTime"u8.ToArray(),
        "taskName"u8.ToArray(),
        "userId"u8.ToArray(),
        "progress"u8.ToArray(),
        "downloadUrl"u8.ToArray(),
    ];

    private static readonly int LongestName = Names.Max(name => name.Length);

    /// <summary>Returns the member that the reader is at. The search starts after the previous member, because servers keep one order.</summary>
    public static JobMember Find(ref readonly Utf8JsonReader json, JobMember previous)
    {
        if (json.ValueIsEscaped)
        {
            return FindEscaped(in json);
        }

        int start = (int)previous + 1;
        for (int i = 0; i < Names.Length; i++)
        {
            int candidate = (start + i) % Names.Length;
            if (json.ValueTextEquals(Names[candidate]))
            {
                return (JobMember)candidate;
            }
        }

        return JobMember.Unknown;
    }

    // Unescaped once, and not for each known name.
    private static JobMember FindEscaped(ref readonly Utf8JsonReader json)
    {
        if (json.ValueSpan.Length > JsonText.MaxEscapeLength * LongestName)
        {
            return JobMember.Unknown;
        }

        byte[] name = Encoding.UTF8.GetBytes(JsonText.Read(in json));
        int index = Array.FindIndex(Names, known => known.AsSpan().SequenceEqual(name));
        return index < 0 ? JobMember.Unknown : (JobMember)index;
    }

    /// <summary>Returns the name in JSON.</summary>
    public static string NameOf(JobMember member) => Encoding.ASCII.GetString(Names[(int)member]);
}
