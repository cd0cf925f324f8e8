using Microsoft.AspNetCore.Http;

namespace KooDrive.Jobs.Streams.Emulator.Api;

/// <summary>Sends a response body: as a whole, cut off, or in small pieces.</summary>
internal static class ResponseSender
{
    public static async Task SendAsync(
        HttpResponse response, ReadOnlyMemory<byte> body, EmulatorFault? fault, TimeProvider timeProvider, CancellationToken cancellationToken)
    {
        // Responses with these status codes have no body, and Kestrel rejects one.
        if (response.StatusCode is StatusCodes.Status204NoContent or StatusCodes.Status205ResetContent or StatusCodes.Status304NotModified)
        {
            return;
        }

        response.ContentLength = body.Length;
        bool isCutOff = fault?.CutOffAfter < body.Length;
        if (isCutOff)
        {
            body = body[..fault!.CutOffAfter!.Value];
            await response.StartAsync(cancellationToken).ConfigureAwait(false);
        }

        int size = fault?.DripSize ?? body.Length;
        while (body.Length > size)
        {
            await response.BodyWriter.WriteAsync(body[..size], cancellationToken).ConfigureAwait(false);
            await Task.Delay(fault!.DripInterval, timeProvider, cancellationToken).ConfigureAwait(false);
            body = body[size..];
        }

        await response.BodyWriter.WriteAsync(body, cancellationToken).ConfigureAwait(false);

        // If the body is shorter than Content-Length, Kestrel sends these bytes and closes the connection. To abort the connection here could
        // discard the bytes.
    }
}
