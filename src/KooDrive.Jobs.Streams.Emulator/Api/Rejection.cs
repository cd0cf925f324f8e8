using Microsoft.AspNetCore.Http;

namespace KooDrive.Jobs.Streams.Emulator.Api;

/// <summary>The response to a rejected request.</summary>
/// <param name="StatusCode">The HTTP status.</param>
/// <param name="Code">
/// The code in the body: 13000102, the only documented code that applies here, or the HTTP status.
/// </param>
/// <param name="Message">The message, which contains no credential.</param>
internal sealed record Rejection(int StatusCode, string Code, string Message)
{
    public static Rejection BadRequest(string message) => new(StatusCodes.Status400BadRequest, "13000102", message);

    public static Rejection Unauthorized(string message) => new(StatusCodes.Status401Unauthorized, "401", message);

    public static Rejection NotFound { get; } =
        new(StatusCodes.Status404NotFound, "404", $"The emulator serves only {JobsContract.Path}.");

    public static Rejection MethodNotAllowed { get; } =
        new(StatusCodes.Status405MethodNotAllowed, "405", $"{JobsContract.Path} supports only the method GET.");
}
