namespace KooDrive.Jobs.Streams.Emulator;

/// <summary>How an emulator listens, whom it lets in, how it answers and what it holds. Read once, when it starts.</summary>
public sealed class JobsEmulatorOptions
{
    /// <summary>The port on 127.0.0.1, 0 to 65535. 0, the default, takes any free one.</summary>
    public int Port { get; set; }

    /// <summary>The only user that there is: <c>X-User-Id</c> must say so. Default: the id of the API document's example.</summary>
    public string UserId { get; set; } = "1505084218764547200";

    /// <summary>The token that is accepted from the start. Default <c>emulator-access-token</c>. More: <see cref="EmulatorCredentials"/>.</summary>
    public string AccessToken { get; set; } = "emulator-access-token";

    /// <summary>What stands before the token in <c>Authorization</c>. Default <c>Bearer+</c>, as documented.</summary>
    public string AuthorizationPrefix { get; set; } = "Bearer+";

    /// <summary>
    /// How long a token lives without being used. The documents say 20 minutes; the default, <see langword="null"/>, is for ever.
    /// More than zero.
    /// </summary>
    public TimeSpan? TokenLifetime { get; set; }

    /// <summary>The app whose signatures are accepted from the start. Default <c>emulator-app</c>.</summary>
    public string AppId { get; set; } = "emulator-app";

    /// <summary>The secret of <see cref="AppId"/>. Default <c>emulator-app-secret</c>.</summary>
    public string AppSecret { get; set; } = "emulator-app-secret";

    /// <summary>
    /// Whether an offset of 0 is a bad request, as the parameter table of the API document has it. Default
    /// <see langword="false"/>: the example in the same document asks for it.
    /// </summary>
    public bool RefuseOffsetZero { get; set; }

    /// <summary>The most jobs that a page holds whatever limit was asked, 1 to 100. Default <see langword="null"/>: as asked.</summary>
    public int? LimitCap { get; set; }

    /// <summary>Whether every page starts at the head of the list, whatever offset was asked. Default <see langword="false"/>.</summary>
    public bool IgnoreOffset { get; set; }

    /// <summary>
    /// Whether each request lists jobs that were created in the same second in a different order, as servers do that sort by creation
    /// time alone. Default <see langword="false"/>: newest first, the same for each request.
    /// </summary>
    /// <remarks>
    /// Adjacent jobs with equal <see cref="EmulatedJob.CreateTime"/> are shuffled; the order of different times never changes. The order
    /// is a function of <see cref="Seed"/> and <see cref="EmulatorRequest.Number"/>.
    /// </remarks>
    public bool ShuffleTies { get; set; }

    /// <summary>
    /// Whether success is <c>"code":"0"</c>, as the response table of the API document says. Default <see langword="false"/>:
    /// the number of its example. Codes of errors are always text.
    /// </summary>
    public bool WriteCodeAsText { get; set; }

    /// <summary>
    /// Whether errors are <c>{"error_code","error_msg"}</c>, as in the oldest edition of the API document. Default
    /// <see langword="false"/>: <c>{"code","msg"}</c>.
    /// </summary>
    public bool WriteOldErrorShape { get; set; }

    /// <summary>
    /// The offset from UTC of the clock that <c>createTime</c>, <c>beginTime</c>, <c>endTime</c> and the task ids are made from,
    /// which the documents do not name. -14 to +14 hours in whole minutes; default zero, UTC.
    /// </summary>
    public TimeSpan TimestampOffset { get; set; }

    /// <summary>What the emulator holds when it starts. Default <see cref="JobsEmulatorPreset.Empty"/>.</summary>
    public JobsEmulatorPreset Preset { get; set; }

    /// <summary>
    /// How many sample jobs are added at the start, 0 or more. Default 0. The newest few are unfinished, the rest have ended in all
    /// the documented ways.
    /// </summary>
    public int SampleJobs { get; set; }

    /// <summary>
    /// What sample jobs, the scripted life and the order of ties are drawn from: the same seed, the same jobs. Default 1.
    /// </summary>
    public int Seed { get; set; } = 1;

    /// <summary>
    /// How fast jobs live by themselves, 0 to 1000. 0, the default: not at all. 1 is the pace of a demonstration, a job every
    /// other second; 2 is twice as fast.
    /// </summary>
    public double Speed { get; set; }

    /// <summary>
    /// How many jobs the scripted life brings before it brings no more, 0 or more. Default 12, which are all over within
    /// 40 seconds at speed 1. Without effect at <see cref="Speed"/> 0.
    /// </summary>
    public int ScriptedJobs { get; set; } = 12;

    /// <summary>How many of the latest requests the log keeps, 1 to 1,000,000. Default 10,000.</summary>
    public int RequestLogCapacity { get; set; } = 10_000;

    /// <summary>A copy that nobody changes.</summary>
    /// <exception cref="ArgumentException">Something is out of range.</exception>
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
            yield return $"{nameof(Port)} is {Port}: it must be 0 to 65535.";
        }

        foreach ((string name, string? value) in new[]
        {
            (nameof(UserId), UserId), (nameof(AccessToken), AccessToken), (nameof(AppId), AppId), (nameof(AppSecret), AppSecret),
        })
        {
            if (string.IsNullOrEmpty(value))
            {
                yield return $"{name} must not be empty.";
            }
        }

        if (AuthorizationPrefix is null)
        {
            yield return $"{nameof(AuthorizationPrefix)} must not be null; it may be empty.";
        }

        if (TokenLifetime <= TimeSpan.Zero)
        {
            yield return $"{nameof(TokenLifetime)} is {TokenLifetime}: it must be more than zero, or null.";
        }

        if (LimitCap is < 1 or > 100)
        {
            yield return $"{nameof(LimitCap)} is {LimitCap}: it must be 1 to 100, or null.";
        }

        if (TimestampOffset.Duration() > TimeSpan.FromHours(14) || TimestampOffset.Ticks % TimeSpan.TicksPerMinute != 0)
        {
            yield return $"{nameof(TimestampOffset)} is {TimestampOffset}: it must be -14 to +14 hours, in whole minutes.";
        }

        if (!Enum.IsDefined(Preset))
        {
            yield return $"{nameof(Preset)} is {(int)Preset}: it must be a member of {nameof(JobsEmulatorPreset)}.";
        }

        if (SampleJobs < 0)
        {
            yield return $"{nameof(SampleJobs)} is {SampleJobs}: it must be 0 or more.";
        }

        if (!(Speed >= 0 && Speed <= 1000))
        {
            yield return $"{nameof(Speed)} is {Speed}: it must be 0 to 1000.";
        }

        if (ScriptedJobs < 0)
        {
            yield return $"{nameof(ScriptedJobs)} is {ScriptedJobs}: it must be 0 or more.";
        }

        if (RequestLogCapacity is < 1 or > 1_000_000)
        {
            yield return $"{nameof(RequestLogCapacity)} is {RequestLogCapacity}: it must be 1 to 1,000,000.";
        }
    }
}
