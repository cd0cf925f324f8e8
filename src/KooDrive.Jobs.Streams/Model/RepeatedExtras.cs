namespace KooDrive.Jobs.Streams.Model;

/// <summary>Shares the rare members of consecutive jobs. Usually they are absent, or only the tenant, which many jobs have in common.</summary>
internal struct RepeatedExtras
{
    private JobExtras? _last;

    /// <summary>Returns the last instance if it has the same members; null if all members are absent.</summary>
    public JobExtras? Share(
        string? tenantId, long? resultCode, string? resultCodeText, string? taskName, string? userId, int? progress, string? downloadUrl)
    {
        if (tenantId is null && resultCode is null && resultCodeText is null && taskName is null && userId is null && progress is null && downloadUrl is null)
        {
            return null;
        }

        bool isSame = _last is { } last && last.TenantId == tenantId && last.ResultCode == resultCode
            && last.ResultCodeText == resultCodeText && last.TaskName == taskName && last.UserId == userId && last.Progress == progress && last.DownloadUrl == downloadUrl;
        return isSame ? _last : _last = new JobExtras
        {
            TenantId = tenantId,
            ResultCode = resultCode,
            ResultCodeText = resultCodeText,
            TaskName = taskName,
            UserId = userId,
            Progress = progress,
            DownloadUrl = downloadUrl,
        };
    }
}
