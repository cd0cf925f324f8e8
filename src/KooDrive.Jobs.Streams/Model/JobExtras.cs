using System.Globalization;

namespace KooDrive.Jobs.Streams.Model;

/// <summary>
/// The rare members of a job, which the documented example omits or only some editions of the API have. A job without rare members is 40 bytes smaller, and jobs
/// with equal rare members share them.
/// </summary>
internal sealed record JobExtras
{
    private static readonly JobExtras None = new();

    public string? TenantId { get; init; }

    /// <summary>The result code if it is a number; null if it is text.</summary>
    public long? ResultCode { get; init; }

    /// <summary>The result code if it is text and not a number; null otherwise.</summary>
    public string? ResultCodeText { get; init; }

    public string? TaskName { get; init; }

    public string? UserId { get; init; }

    public int? Progress { get; init; }

    public string? DownloadUrl { get; init; }

    /// <summary>The times that a job cannot store in its own fields; usually null.</summary>
    public ExactTimes? Times { get; init; }

    /// <summary>Returns a result code as <see cref="ResultCode"/> and <see cref="ResultCodeText"/> store it; empty text is absent.</summary>
    public static (long? Number, string? Text) ReadCode(string? code)
    {
        // Text with leading zeros, such as 000101, is a code and not a number.
        bool isNumber = long.TryParse(code, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long number)
            && number.ToString(CultureInfo.InvariantCulture) == code;
        return isNumber ? (number, null) : (null, code is "" ? null : code);
    }

    /// <summary>Returns an instance to apply <see langword="with"/> to.</summary>
    public static JobExtras From(JobExtras? extras) => extras ?? None;

    /// <summary>Returns the members with other times; null if all are null.</summary>
    public static JobExtras? WithTimes(JobExtras? extras, ExactTimes times) => (From(extras) with { Times = times.OrNull() }).OrNull();

    /// <summary>Returns null if all members are null, so that equal jobs have equal fields.</summary>
    public JobExtras? OrNull() => this == None ? null : this;
}
