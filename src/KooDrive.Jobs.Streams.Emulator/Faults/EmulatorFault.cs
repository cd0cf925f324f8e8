using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using KooDrive.Jobs.Streams.Emulator.Responses;

namespace KooDrive.Jobs.Streams.Emulator;

/// <summary>A fault in the response to a request. <see cref="EmulatorFaults"/> applies faults to requests.</summary>
/// <remarks>
/// Start with one of the static members and combine properties with <c>with</c>, such as
/// <c>EmulatorFault.Fail(500) with { Delay = TimeSpan.FromSeconds(1) }</c>. A property that is not set does not change the response.
/// </remarks>
public sealed record EmulatorFault
{
    private EmulatorFault()
    {
    }

    /// <summary>A fault without a response: the connection stays open until the client disconnects or the emulator stops.</summary>
    public static EmulatorFault NeverRespond { get; } = new() { Delay = Timeout.InfiniteTimeSpan };

    /// <summary>A fault that closes the connection without a response.</summary>
    public static EmulatorFault Disconnect { get; } = new() { Disconnects = true };

    /// <summary>
    /// The delay before the request is processed, on the emulator's clock. <see cref="Timeout.InfiniteTimeSpan"/> means that it is never
    /// processed. Default: zero.
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

    /// <summary>The HTTP status of a response that replaces the real response, 200 to 599. Default: <see langword="null"/>, the real response.</summary>
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

    /// <summary>The body of the response with <see cref="StatusCode"/>. Any bytes are allowed.</summary>
    public ReadOnlyMemory<byte> Body { get; init; }

    /// <summary>The content type of <see cref="Body"/>. Default: <c>application/json</c>.</summary>
    public string ContentType { get; init; } = "application/json";

    /// <summary>Headers that are added to the response or replace its headers. Default: none.</summary>
    public ImmutableDictionary<string, string> Headers { get; init; } =
        ImmutableDictionary.Create<string, string>(StringComparer.OrdinalIgnoreCase);

    /// <summary>
    /// The number of bytes of the body after which the connection is closed, 0 or more. <c>Content-Length</c> is the length of the whole body.
    /// A body that is not longer is sent unchanged.
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

    /// <summary>The number of bytes of the body that are sent together, 1 or more, with <see cref="DripInterval"/> in between.</summary>
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

    /// <summary>The delay between pieces of <see cref="DripSize"/> bytes, on the emulator's clock. Default: zero.</summary>
    public TimeSpan DripInterval
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, TimeSpan.Zero);
            field = value;
        }
    }

    /// <summary>Whether the connection is closed without a response. Default: <see langword="false"/>.</summary>
    public bool Disconnects { get; init; }

    /// <summary>Creates a fault whose response is an error of the API.</summary>
    /// <param name="statusCode">The HTTP status, 200 to 599.</param>
    /// <param name="code">The code in the body. Default: the HTTP status.</param>
    /// <param name="message">The message in the body.</param>
    /// <param name="oldShape">Whether the body is <c>{"error_code","error_msg"}</c> instead of <c>{"code","msg"}</c>.</param>
    /// <exception cref="ArgumentOutOfRangeException">The status is out of range.</exception>
    public static EmulatorFault Fail(
        int statusCode, string? code = null, string message = "The emulator was configured to fail.", bool oldShape = false)
    {
        ArgumentNullException.ThrowIfNull(message);
        var body = new ResponseBody();
        body.WriteError(code ?? statusCode.ToString(CultureInfo.InvariantCulture), message, oldShape);
        return new() { StatusCode = statusCode, Body = body.Bytes };
    }

    /// <summary>Creates a fault whose response is 429 with a <c>Retry-After</c> header in seconds.</summary>
    /// <param name="retryAfter">Zero or more, rounded up to whole seconds.</param>
    /// <exception cref="ArgumentOutOfRangeException">The time is negative.</exception>
    public static EmulatorFault Throttle(TimeSpan retryAfter)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(retryAfter, TimeSpan.Zero);
        return Throttle(Math.Ceiling(retryAfter.TotalSeconds).ToString(CultureInfo.InvariantCulture));
    }

    /// <summary>Creates a fault whose response is 429 with a <c>Retry-After</c> header as an HTTP date.</summary>
    /// <param name="retryAfter">The date, truncated to whole seconds.</param>
    public static EmulatorFault Throttle(DateTimeOffset retryAfter) => Throttle(retryAfter.ToString("R", CultureInfo.InvariantCulture));

    /// <summary>Creates a fault that delays the processing of the request. The list is read after the delay.</summary>
    /// <param name="delay">The value of <see cref="Delay"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">The time is negative.</exception>
    public static EmulatorFault Late(TimeSpan delay) => new() { Delay = delay };

    /// <summary>Creates a fault that closes the connection after a part of the response body.</summary>
    /// <param name="bytes">The value of <see cref="CutOffAfter"/>. 0 sends only the headers.</param>
    /// <exception cref="ArgumentOutOfRangeException">The number is negative.</exception>
    public static EmulatorFault CutOff(int bytes) => new() { CutOffAfter = bytes };

    /// <summary>Creates a fault that sends the response body in small pieces.</summary>
    /// <param name="bytes">The value of <see cref="DripSize"/>.</param>
    /// <param name="interval">The value of <see cref="DripInterval"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">The number is less than 1 or the time negative.</exception>
    public static EmulatorFault Drip(int bytes, TimeSpan interval) => new() { DripSize = bytes, DripInterval = interval };

    /// <summary>Creates a fault that replaces the response body with text in UTF-8.</summary>
    /// <param name="body">The text.</param>
    /// <param name="contentType">The content type of the body.</param>
    /// <param name="statusCode">The HTTP status, 200 to 599.</param>
    /// <exception cref="ArgumentOutOfRangeException">The status is out of range.</exception>
    public static EmulatorFault Replace(string body, string contentType = "application/json", int statusCode = 200)
    {
        ArgumentNullException.ThrowIfNull(body);
        return Replace(Encoding.UTF8.GetBytes(body), contentType, statusCode);
    }

    /// <summary>Creates a fault that replaces the response body with bytes.</summary>
    /// <param name="body">The bytes. They must not be changed afterwards.</param>
    /// <param name="contentType">The content type of the body.</param>
    /// <param name="statusCode">The HTTP status, 200 to 599.</param>
    /// <exception cref="ArgumentOutOfRangeException">The status is out of range.</exception>
    public static EmulatorFault Replace(ReadOnlyMemory<byte> body, string contentType = "application/json", int statusCode = 200)
    {
        ArgumentNullException.ThrowIfNull(contentType);
        return new() { StatusCode = statusCode, Body = body, ContentType = contentType };
    }

    /// <summary>Returns a copy of this fault with an additional response header, such as <c>Location</c> or <c>Content-Encoding</c>.</summary>
    /// <param name="name">The name of the header.</param>
    /// <param name="value">The value of the header.</param>
    public EmulatorFault WithHeader(string name, string value) => this with { Headers = Headers.SetItem(name, value) };

    private static EmulatorFault Throttle(string retryAfter) =>
        Fail(429, message: "Too many requests.").WithHeader("Retry-After", retryAfter);
}
