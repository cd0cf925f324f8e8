namespace KooDrive.Jobs.Streams.Http.Reading;

/// <summary>The members of <c>JobInfo</c>, in the order in which the documents list them.</summary>
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
