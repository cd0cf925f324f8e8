using System.Globalization;
using System.Text.RegularExpressions;
using KooDrive.Jobs.Streams.Emulator.Store;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace KooDrive.Jobs.Streams.Emulator.Api;

/// <summary>What the API document, "Listing Batch Tasks", asks of a request, apart from credentials.</summary>
internal sealed partial class JobsContract(JobsEmulatorOptions options, TimeProvider timeProvider)
{
    public const string Path = "/koodrive/ose/v1/jobs";
    public const string UserIdHeader = "X-User-Id";
    public const string DateHeader = "X-Date";
    public const string TraceIdHeader = "X-Traceid";
    public const string LanguageHeader = "language";

    private const int TraceIdLength = 58;
    private const int LargestLimit = 100;
    private static readonly TimeSpan LongestAge = TimeSpan.FromMinutes(15);

    /// <summary>Checks method, path and the form of the headers.</summary>
    public static Refusal? CheckForm(HttpRequest request)
    {
        if (!string.Equals(request.Path.Value, Path, StringComparison.Ordinal))
        {
            return Refusal.NotFound;
        }

        if (!HttpMethods.IsGet(request.Method))
        {
            return Refusal.MethodNotAllowed;
        }

        foreach (string name in (ReadOnlySpan<string>)[UserIdHeader, DateHeader])
        {
            if (string.IsNullOrEmpty(Single(request, name)))
            {
                return Refusal.BadRequest($"The header {name} is mandatory, once.");
            }
        }

        if (ParseDate(Single(request, DateHeader)!) is null)
        {
            return Refusal.BadRequest($"The header {DateHeader} must be written like 20251103T070140Z.");
        }

        if (request.Headers.ContainsKey(TraceIdHeader) && Single(request, TraceIdHeader)?.Length != TraceIdLength)
        {
            return Refusal.BadRequest($"The header {TraceIdHeader} must have {TraceIdLength} characters.");
        }

        return request.Headers.ContainsKey(LanguageHeader) && !LanguageTag().IsMatch(Single(request, LanguageHeader) ?? "")
            ? Refusal.BadRequest($"The header {LanguageHeader} must be a language like en-US.")
            : null;
    }

    /// <summary>Checks that the request was made by the user and at a time that may be: not over 15 minutes ago and not in the future.</summary>
    public Refusal? CheckUserAndTime(HttpRequest request)
    {
        if (!string.Equals(Single(request, UserIdHeader), options.UserId, StringComparison.Ordinal))
        {
            return Refusal.Unauthorized($"The header {UserIdHeader} names no user of this emulator.");
        }

        // The header knows whole seconds alone, so the clock is read in whole seconds too.
        DateTimeOffset now = timeProvider.GetUtcNow();
        TimeSpan age = now.AddTicks(-(now.Ticks % TimeSpan.TicksPerSecond)) - ParseDate(Single(request, DateHeader)!)!.Value;
        return age < TimeSpan.Zero ? Refusal.Unauthorized($"The header {DateHeader} is later than now.")
            : age > LongestAge ? Refusal.Unauthorized($"The header {DateHeader} is more than 15 minutes ago.")
            : null;
    }

    /// <summary>Reads the page that is asked for.</summary>
    public Refusal? ReadPage(QueryParameters query, out PageRequest page)
    {
        page = default;
        int firstOffset = options.RefuseOffsetZero ? 1 : 0;
        if (query.Integer("offset") is not { } offset || offset < firstOffset)
        {
            return Refusal.BadRequest($"The parameter offset is mandatory, once, and must be an integer of {firstOffset} or more.");
        }

        if (query.Integer("limit") is not (>= 1 and <= LargestLimit and { } limit))
        {
            return Refusal.BadRequest($"The parameter limit is mandatory, once, and must be an integer from 1 to {LargestLimit}.");
        }

        if (Filter(query, "type", JobCodes.FirstType, JobCodes.LastType, out int? type) is { } refusedType)
        {
            return refusedType;
        }

        if (Filter(query, "status", JobCodes.FirstStatus, JobCodes.LastStatus, out int? status) is { } refusedStatus)
        {
            return refusedStatus;
        }

        page = new PageRequest(
            options.IgnoreOffset ? 0 : offset,
            (int)Math.Min(limit, options.LimitCap ?? LargestLimit),
            new JobFilter(type, status));
        return null;
    }

    /// <summary>The value of a header that occurs once.</summary>
    public static string? Single(HttpRequest request, string name)
    {
        StringValues values = request.Headers[name];
        return values.Count == 1 ? values[0] : null;
    }

    private static Refusal? Filter(QueryParameters query, string name, int first, int last, out int? value)
    {
        value = null;
        if (!query.Contains(name))
        {
            return null;
        }

        if (query.Integer(name) is not { } number || number < first || number > last)
        {
            return Refusal.BadRequest($"The parameter {name} must be an integer from {first} to {last}, once.");
        }

        value = (int)number;
        return null;
    }

    private static DateTimeOffset? ParseDate(string text) => DateTimeOffset.TryParseExact(
        text, "yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset date) ? date : null;

    [GeneratedRegex(@"\A[A-Za-z]{2,8}([-_][A-Za-z0-9]{1,8})*\z")]
    private static partial Regex LanguageTag();
}
