using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using KooDrive.Jobs.Streams.Emulator.Api;

namespace KooDrive.Jobs.Streams.Emulator;

/// <summary>What goes wrong with one answer. Order it with <see cref="EmulatorFaults"/>.</summary>
/// <remarks>
/// Begin with one of the static members and combine with <c>with</c>, such as
/// <c>EmulatorFault.Fail(500) with { Delay = TimeSpan.FromSeconds(1) }</c>. A member that is not set leaves that side of the answer
/// as it would have been.
/// </remarks>
public sealed record EmulatorFault
{
    private EmulatorFault()
    {
    }

    /// <summary>The request is never answered: the connection stays open until the client gives up or the emulator stops.</summary>
    public static EmulatorFault NeverAnswer { get; } = new() { Delay = Timeout.InfiniteTimeSpan };

    /// <summary>The connection is closed before anything was answered.</summary>
    public static EmulatorFault Disconnect { get; } = new() { Disconnects = true };

    /// <summary>
    /// How long the request waits before it is looked at, on the emulator's clock; <see cref="Timeout.InfiniteTimeSpan"/> for ever.
    /// Default zero.
    /// </summary>
    public TimeSpan Delay
    {
        get;
        init
        {
            if (value < TimeSpan.Zero && value != Timeout.InfiniteTimeSpan)
            {
                throw new ArgumentOutOfRangeException(nameof(value), value, "A delay must be zero or more, or infinite.");
            }

            field = value;
        }
    }

    /// <summary>The HTTP status of an answer that takes the place of the real one, 200 to 599.</summary>
    public int? StatusCode
    {
        get;
        init
        {
            if (value is < 200 or > 599)
            {
                throw new ArgumentOutOfRangeException(nameof(value), value, "The status must be 200 to 599.");
            }

            field = value;
        }
    }

    /// <summary>The body that goes with <see cref="StatusCode"/>, any bytes.</summary>
    public ReadOnlyMemory<byte> Body { get; init; }

    /// <summary>The content type of <see cref="Body"/>. Default <c>application/json</c>.</summary>
    public string ContentType { get; init; } = "application/json";

    /// <summary>Headers that the answer has in addition, or instead of its own. Default: none.</summary>
    public ImmutableDictionary<string, string> Headers { get; init; } =
        ImmutableDictionary.Create<string, string>(StringComparer.OrdinalIgnoreCase);

    /// <summary>
    /// After how many bytes of the body the connection is closed, 0 or more. <c>Content-Length</c> has announced all of them; where
    /// the body is shorter, nothing is cut off.
    /// </summary>
    public int? CutOffAfter
    {
        get;
        init
        {
            if (value < 0)
            {
                throw new ArgumentOutOfRangeException(nameof(value), value, "The number of bytes must be 0 or more.");
            }

            field = value;
        }
    }

    /// <summary>How many bytes of the body go out at a time, 1 or more, with <see cref="DripInterval"/> between them.</summary>
    public int? DripSize
    {
        get;
        init
        {
            if (value < 1)
            {
                throw new ArgumentOutOfRangeException(nameof(value), value, "The number of bytes must be 1 or more.");
            }

            field = value;
        }
    }

    /// <summary>The pause between the pieces of a body that drips, on the emulator's clock. Default zero.</summary>
    public TimeSpan DripInterval
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, TimeSpan.Zero);
            field = value;
        }
    }

    /// <summary>Whether the connection is closed before anything was answered. Default <see langword="false"/>.</summary>
    public bool Disconnects { get; init; }

    /// <summary>An error of the API.</summary>
    /// <param name="statusCode">The HTTP status, 200 to 599.</param>
    /// <param name="code">The code in the body. Default: the HTTP status, for want of a documented one.</param>
    /// <param name="message">The message in the body.</param>
    /// <param name="oldShape">Whether the body is <c>{"error_code","error_msg"}</c> and not <c>{"code","msg"}</c>.</param>
    /// <exception cref="ArgumentOutOfRangeException">The status is out of range.</exception>
    public static EmulatorFault Fail(
        int statusCode, string? code = null, string message = "This failure was ordered.", bool oldShape = false)
    {
        ArgumentNullException.ThrowIfNull(message);
        var body = new AnswerBody();
        body.WriteError(code ?? statusCode.ToString(CultureInfo.InvariantCulture), message, oldShape);
        return new() { StatusCode = statusCode, Body = body.Bytes };
    }

    /// <summary>A 429 with a <c>Retry-After</c> in seconds.</summary>
    /// <param name="retryAfter">Zero or more; a part of a second counts as a whole one.</param>
    /// <exception cref="ArgumentOutOfRangeException">The time is negative.</exception>
    public static EmulatorFault Throttle(TimeSpan retryAfter)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(retryAfter, TimeSpan.Zero);
        return Throttle(Math.Ceiling(retryAfter.TotalSeconds).ToString(CultureInfo.InvariantCulture));
    }

    /// <summary>A 429 with a <c>Retry-After</c> as an HTTP date.</summary>
    /// <param name="retryAfter">The date, of which the header knows whole seconds alone.</param>
    public static EmulatorFault Throttle(DateTimeOffset retryAfter) => Throttle(retryAfter.ToString("R", CultureInfo.InvariantCulture));

    /// <summary>The real answer, but late: the request waits first, and the list is read after that.</summary>
    /// <param name="delay">As <see cref="Delay"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">The time is negative.</exception>
    public static EmulatorFault Late(TimeSpan delay) => new() { Delay = delay };

    /// <summary>The real answer, but the connection is closed in the middle of its body.</summary>
    /// <param name="bytes">As <see cref="CutOffAfter"/>; 0 sends the headers alone.</param>
    /// <exception cref="ArgumentOutOfRangeException">The number is negative.</exception>
    public static EmulatorFault CutOff(int bytes) => new() { CutOffAfter = bytes };

    /// <summary>The real answer, but its body comes in small pieces.</summary>
    /// <param name="bytes">As <see cref="DripSize"/>.</param>
    /// <param name="interval">As <see cref="DripInterval"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">The number is less than 1 or the time negative.</exception>
    public static EmulatorFault Drip(int bytes, TimeSpan interval) => new() { DripSize = bytes, DripInterval = interval };

    /// <summary>Another body in place of the real answer, sent as UTF-8.</summary>
    /// <param name="body">The text.</param>
    /// <param name="contentType">Its content type.</param>
    /// <param name="statusCode">The HTTP status, 200 to 599.</param>
    /// <exception cref="ArgumentOutOfRangeException">The status is out of range.</exception>
    public static EmulatorFault Replace(string body, string contentType = "application/json", int statusCode = 200)
    {
        ArgumentNullException.ThrowIfNull(body);
        return Replace(Encoding.UTF8.GetBytes(body), contentType, statusCode);
    }

    /// <summary>Other bytes in place of the real answer.</summary>
    /// <param name="body">The bytes, which must not change afterwards.</param>
    /// <param name="contentType">Their content type.</param>
    /// <param name="statusCode">The HTTP status, 200 to 599.</param>
    /// <exception cref="ArgumentOutOfRangeException">The status is out of range.</exception>
    public static EmulatorFault Replace(ReadOnlyMemory<byte> body, string contentType = "application/json", int statusCode = 200)
    {
        ArgumentNullException.ThrowIfNull(contentType);
        return new() { StatusCode = statusCode, Body = body, ContentType = contentType };
    }

    /// <summary>This fault with one more header in its answer, such as a <c>Location</c> or a <c>Content-Encoding</c>.</summary>
    /// <param name="name">The name of the header.</param>
    /// <param name="value">Its value.</param>
    public EmulatorFault WithHeader(string name, string value) => this with { Headers = Headers.SetItem(name, value) };

    private static EmulatorFault Throttle(string retryAfter) =>
        Fail(429, message: "Too many requests.").WithHeader("Retry-After", retryAfter);
}
