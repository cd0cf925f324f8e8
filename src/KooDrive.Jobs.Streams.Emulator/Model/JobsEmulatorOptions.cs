using static System.FormattableString;

namespace KooDrive.Jobs.Streams.Emulator;

/// <summary>The options of an emulator. They are copied when the emulator starts.</summary>
public sealed class JobsEmulatorOptions
{
    /// <summary>The port on 127.0.0.1, 0 to 65535. Default: 0, any free port.</summary>
    public int Port { get; set; }

    /// <summary>
    /// The id of the first user, to whom the initial, the sample and the scripted jobs belong. Default: the id of the API document's example.
    /// <see cref="JobsEmulator.AddUser"/> adds more users.
    /// </summary>
    public string UserId { get; set; } = "1505084218764547200";

    /// <summary>
    /// Whether every <c>X-User-Id</c> is accepted: users that were not added share the jobs and the token of the first one. Default: <see langword="false"/>.
    /// </summary>
    public bool AcceptsEveryUser { get; set; }

    /// <summary>
    /// The initially accepted token, for the first user only unless <see cref="AcceptsEveryUser"/> is true. Default: <c>emulator-access-token</c>.
    /// <see cref="EmulatorCredentials"/> accepts more tokens.
    /// </summary>
    public string AccessToken { get; set; } = "emulator-access-token";

    /// <summary>The text before the token in <c>Authorization</c>. Default: <c>Bearer+</c>, as documented.</summary>
    public string AuthorizationPrefix { get; set; } = "Bearer+";

    /// <summary>
    /// The time after which an unused token expires, more than zero. 20 minutes in the documents. Default: <see langword="null"/>, tokens do
    /// not expire.
    /// </summary>
    public TimeSpan? TokenLifetime { get; set; }

    /// <summary>The id of the app whose signatures are initially accepted. Default: <c>emulator-app</c>.</summary>
    public string AppId { get; set; } = "emulator-app";

    /// <summary>The secret of <see cref="AppId"/>. Default: <c>emulator-app-secret</c>.</summary>
    public string AppSecret { get; set; } = "emulator-app-secret";

    /// <summary>
    /// Whether an offset of 0 is rejected as a bad request, as in the parameter table of the API document. Default:
    /// <see langword="false"/>, because the example in the same document uses the offset 0.
    /// </summary>
    public bool RejectOffsetZero { get; set; }

    /// <summary>
    /// The maximum number of jobs per page, even if the requested limit is higher, 1 to 100. Default: <see langword="null"/>, the requested
    /// limit.
    /// </summary>
    public int? MaxPageSize { get; set; }

    /// <summary>Whether the emulator ignores the requested offset and starts every page at offset 0. Default: <see langword="false"/>.</summary>
    public bool IgnoreOffset { get; set; }

    /// <summary>
    /// Whether each response contains jobs that were created in the same second in a different order, as from a server that sorts by creation
    /// time only. Default: <see langword="false"/>, newest first in each response.
    /// </summary>
    /// <remarks>
    /// Only adjacent jobs with equal <see cref="EmulatedJob.CreateTime"/> are shuffled. The order is a function of <see cref="Seed"/> and
    /// <see cref="EmulatorRequest.Number"/>.
    /// </remarks>
    public bool ShuffleTies { get; set; }

    /// <summary>
    /// Whether success is <c>"code":"0"</c>, as in the response table of the API document. Default: <see langword="false"/>, a number as in
    /// the document's example. Error codes are always strings.
    /// </summary>
    public bool WriteCodeAsText { get; set; }

    /// <summary>
    /// Whether errors are <c>{"error_code","error_msg"}</c>, as in the oldest edition of the API document. Default:
    /// <see langword="false"/>, <c>{"code","msg"}</c>.
    /// </summary>
    public bool WriteOldErrorShape { get; set; }

    /// <summary>
    /// The UTC offset of <c>createTime</c>, <c>beginTime</c>, <c>endTime</c> and the times in task ids, which the documents do not specify.
    /// -14 to +14 hours in whole minutes. Default: zero, UTC.
    /// </summary>
    public TimeSpan TimestampOffset { get; set; }

    /// <summary>The initial jobs. Default: <see cref="JobsEmulatorPreset.Empty"/>.</summary>
    public JobsEmulatorPreset Preset { get; set; }

    /// <summary>
    /// The number of initial sample jobs, 0 or more. Default: 0. The newest few are unfinished. The others have finished with all documented
    /// outcomes.
    /// </summary>
    /// <remarks>
    /// The ids depend on <see cref="Seed"/> only, so they are the same at each start. The times are before the start, about half a minute apart.
    /// </remarks>
    public int SampleJobCount { get; set; }

    /// <summary>
    /// The seed of the sample jobs, the scripted jobs and the order of ties. The same seed creates the same jobs. Default: 1.
    /// </summary>
    public int Seed { get; set; } = 1;

    /// <summary>
    /// The speed at which scripted jobs are created and processed, 0 to 1000. Default: 0, no scripted jobs. At 1, a job is created
    /// every 0.5 to 2 seconds. 2 is twice as fast.
    /// </summary>
    public double Speed { get; set; }

    /// <summary>
    /// The number of scripted jobs, 0 or more. Default: 12, which all finish within 40 seconds at speed 1. Without effect if
    /// <see cref="Speed"/> is 0.
    /// </summary>
    public int ScriptedJobCount { get; set; } = 12;

    /// <summary>The maximum number of retained requests in the log, 1 to 1,000,000. Default: 10,000.</summary>
    public int RequestLogCapacity { get; set; } = 10_000;

    /// <summary>Returns a validated copy.</summary>
    /// <exception cref="ArgumentException">An option is out of range.</exception>
    internal JobsEmulatorOptions Validated()
    {
        var copy = (JobsEmulatorOptions)MemberwiseClone();
        string problems = string.Join(' ', copy.Problems());
        return problems.Length == 0 ? copy : throw new ArgumentException($"The options of the emulator are not valid. {problems}");
    }

    private IEnumerable<string> Problems()
    {
        if (Port is < 0 or > 65535)
        {
            yield return Invariant($"{nameof(Port)} is {Port}: it must be 0 to 65,535.");
        }

        foreach ((string name, string? value) in new[]
        {
            (nameof(UserId), UserId), (nameof(AccessToken), AccessToken), (nameof(AppId), AppId), (nameof(AppSecret), AppSecret),
        })
        {
            if (string.IsNullOrEmpty(value))
            {
                yield return $"{name} is empty: set it, or remove it to use the default.";
            }
        }

        if (AuthorizationPrefix is null)
        {
            yield return $"{nameof(AuthorizationPrefix)} is null: set it; it may be empty.";
        }

        if (TokenLifetime <= TimeSpan.Zero)
        {
            yield return Invariant($"{nameof(TokenLifetime)} is {TokenLifetime}: it must be more than zero, or null.");
        }

        if (MaxPageSize is < 1 or > 100)
        {
            yield return Invariant($"{nameof(MaxPageSize)} is {MaxPageSize}: it must be 1 to 100, or null.");
        }

        if (TimestampOffset.Duration() > TimeSpan.FromHours(14) || TimestampOffset.Ticks % TimeSpan.TicksPerMinute != 0)
        {
            yield return Invariant($"{nameof(TimestampOffset)} is {TimestampOffset}: it must be -14 to +14 hours, in whole minutes.");
        }

        if (!Enum.IsDefined(Preset))
        {
            yield return Invariant($"{nameof(Preset)} is {(int)Preset}: it must be a member of {nameof(JobsEmulatorPreset)}.");
        }

        if (SampleJobCount < 0)
        {
            yield return Invariant($"{nameof(SampleJobCount)} is {SampleJobCount}: it must be 0 or more.");
        }

        if (!(Speed >= 0 && Speed <= 1000))
        {
            yield return Invariant($"{nameof(Speed)} is {Speed}: it must be 0 to 1,000.");
        }

        if (ScriptedJobCount < 0)
        {
            yield return Invariant($"{nameof(ScriptedJobCount)} is {ScriptedJobCount}: it must be 0 or more.");
        }

        if (RequestLogCapacity is < 1 or > 1_000_000)
        {
            yield return Invariant($"{nameof(RequestLogCapacity)} is {RequestLogCapacity}: it must be 1 to 1,000,000.");
        }
    }
}
