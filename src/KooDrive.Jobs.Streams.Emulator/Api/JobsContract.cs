using System.Globalization;
using System.Text.RegularExpressions;
using KooDrive.Jobs.Streams.Emulator.Model;
using KooDrive.Jobs.Streams.Emulator.Store;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace KooDrive.Jobs.Streams.Emulator.Api;

/// <summary>Checks requests as specified in the API document, "Listing Batch Tasks", except for credentials.</summary>
internal sealed partial class JobsContract(JobsEmulatorOptions options, EmulatedUsers users, TimeProvider timeProvider)
{
    public const string Path = "/koodrive/ose/v1/jobs";
    public const string UserIdHeader = "X-User-Id";
    public const string DateHeader = "X-Date";
    public const string TraceIdHeader = "X-Traceid";
    public const string LanguageHeader = "language";

    private const int TraceIdLength = 58;
    private const int MaxLimit = 100;
    private static readonly TimeSpan MaxAge = TimeSpan.FromMinutes(15);

    /// <summary>Checks the method, the path and the format of the headers.</summary>
    public static Rejection? CheckForm(HttpRequest request)
    {
        if (!string.Equals(request.Path.Value, Path, StringComparison.Ordinal))
        {
            return Rejection.NotFound;
        }

        if (!HttpMethods.IsGet(request.Method))
        {
            return Rejection.MethodNotAllowed;
        }

        foreach (string name in (ReadOnlySpan<string>)[UserIdHeader, DateHeader])
        {
            if (string.IsNullOrEmpty(Single(request, name)))
            {
                return Rejection.BadRequest($"The header {name} is required exactly once.");
            }
        }

        if (ParseDate(Single(request, DateHeader)!) is null)
        {
            return Rejection.BadRequest($"The header {DateHeader} must have the format 20251103T070140Z.");
        }

        if (request.Headers.ContainsKey(TraceIdHeader) && Single(request, TraceIdHeader)?.Length != TraceIdLength)
        {
            return Rejection.BadRequest($"The header {TraceIdHeader} must have exactly {TraceIdLength} characters.");
        }

        return request.Headers.ContainsKey(LanguageHeader) && !LanguageTag().IsMatch(Single(request, LanguageHeader) ?? "")
            ? Rejection.BadRequest($"The header {LanguageHeader} must be a language like en-US.")
            : null;
    }

    /// <summary>Checks that the user exists, and that the date is at most 15 minutes ago and not in the future.</summary>
    public Rejection? CheckUserAndTime(HttpRequest request, out EmulatedJobStore? jobs)
    {
        jobs = users.Find(Single(request, UserIdHeader)!) ?? (options.AcceptsEveryUser ? users.Find(options.UserId) : null);
        if (jobs is null)
        {
            return Rejection.Unauthorized($"The header {UserIdHeader} is not the id of a user of this emulator.");
        }

        // The header has whole seconds only, so the current time is truncated to whole seconds.
        DateTimeOffset now = timeProvider.GetUtcNow();
        TimeSpan age = now.AddTicks(-(now.Ticks % TimeSpan.TicksPerSecond)) - ParseDate(Single(request, DateHeader)!)!.Value;
        return age < TimeSpan.Zero ? Rejection.Unauthorized($"The header {DateHeader} is in the future.")
            : age > MaxAge ? Rejection.Unauthorized($"The header {DateHeader} is more than 15 minutes ago.")
            : null;
    }

    /// <summary>Reads the parameters of the requested page.</summary>
    public Rejection? ReadPage(QueryParameters query, out PageRequest page)
    {
        page = default;
        int firstOffset = options.RejectOffsetZero ? 1 : 0;
        if (query.Integer("offset") is not { } offset || offset < firstOffset)
        {
            return Rejection.BadRequest($"The parameter offset is required exactly once and must be an integer of {firstOffset} or more.");
        }

        if (query.Integer("limit") is not (>= 1 and <= MaxLimit and { } limit))
        {
            return Rejection.BadRequest($"The parameter limit is required exactly once and must be an integer from 1 to {MaxLimit}.");
        }

        if (Filter(query, "type", JobCodes.FirstType, JobCodes.LastType, out int? type) is { } rejectedType)
        {
            return rejectedType;
        }

        if (Filter(query, "status", JobCodes.FirstStatus, JobCodes.LastStatus, out int? status) is { } rejectedStatus)
        {
            return rejectedStatus;
        }

        page = new PageRequest(
            options.IgnoreOffset ? 0 : offset,
            (int)Math.Min(limit, options.MaxPageSize ?? MaxLimit),
            new JobFilter(type, status));
        return null;
    }

    /// <summary>Returns the value of a header that occurs exactly once; otherwise null.</summary>
    public static string? Single(HttpRequest request, string name)
    {
        StringValues values = request.Headers[name];
        return values.Count == 1 ? values[0] : null;
    }

    private static Rejection? Filter(QueryParameters query, string name, int first, int last, out int? value)
    {
        value = null;
        if (!query.Contains(name))
        {
            return null;
        }

        if (query.Integer(name) is not { } number || number < first || number > last)
        {
            return Rejection.BadRequest($"The parameter {name} must occur once and be an integer from {first} to {last}.");
        }

        value = (int)number;
        return null;
    }

    private static DateTimeOffset? ParseDate(string text) => DateTimeOffset.TryParseExact(
        text, "yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset date) ? date : null;

    [GeneratedRegex(@"\A[A-Za-z]{2,8}([-_][A-Za-z0-9]{1,8})*\z")]
    private static partial Regex LanguageTag();
}
