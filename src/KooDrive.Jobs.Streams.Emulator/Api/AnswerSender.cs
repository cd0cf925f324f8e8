using Microsoft.AspNetCore.Http;

namespace KooDrive.Jobs.Streams.Emulator.Api;

/// <summary>Sends a body whose length is announced: whole, cut off or dripping.</summary>
internal static class AnswerSender
{
    public static async Task SendAsync(
        HttpResponse response, ReadOnlyMemory<byte> body, EmulatorFault? fault, TimeProvider timeProvider, CancellationToken cancellationToken)
    {
        // These have no body by definition, and Kestrel insists.
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

        // An answer that ends before its announced length makes Kestrel send what there is and close the connection, so that the
        // client gets exactly these bytes. To abort it here might discard them.
    }
}
