using Microsoft.AspNetCore.Http;

namespace KooDrive.Jobs.Streams.Emulator.Api;

/// <summary>An answer that is not a page, and why.</summary>
/// <param name="StatusCode">The HTTP status.</param>
/// <param name="Code">
/// The code in the body. Of those that occur here the documents name 13000102 alone; elsewhere it repeats the HTTP status.
/// </param>
/// <param name="Message">What is wrong, without any value of a credential.</param>
internal sealed record Refusal(int StatusCode, string Code, string Message)
{
    public static Refusal BadRequest(string message) => new(StatusCodes.Status400BadRequest, "13000102", message);

    public static Refusal Unauthorized(string message) => new(StatusCodes.Status401Unauthorized, "401", message);

    public static Refusal NotFound { get; } =
        new(StatusCodes.Status404NotFound, "404", $"There is nothing but {JobsContract.Path} here.");

    public static Refusal MethodNotAllowed { get; } =
        new(StatusCodes.Status405MethodNotAllowed, "405", $"{JobsContract.Path} knows the method GET alone.");
}
