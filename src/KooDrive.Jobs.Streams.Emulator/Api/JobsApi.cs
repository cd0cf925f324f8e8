using System.Buffers;
using System.Globalization;
using KooDrive.Jobs.Streams.Emulator.Responses;
using KooDrive.Jobs.Streams.Emulator.Store;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.ObjectPool;

namespace KooDrive.Jobs.Streams.Emulator.Api;

/// <summary>Handles the requests of the API.</summary>
internal sealed class JobsApi(
    JobsEmulatorOptions options,
    TimeProvider timeProvider,
    EmulatedUsers users,
    EmulatorCredentials credentials,
    EmulatorFaults faults,
    EmulatorRequestLog log)
{
    private readonly JobsContract _contract = new(options, users, timeProvider);
    private readonly Authenticator _authenticator = new(credentials, options.AuthorizationPrefix);
    private readonly ObjectPool<ResponseBody> _bodies = ObjectPool.Create<ResponseBody>();

    /// <summary>A callback that is called before each request is processed.</summary>
    public Func<EmulatorRequest, CancellationToken, ValueTask>? BeforeResponse { get; set; }

    public async Task HandleAsync(HttpContext context)
    {
        DateTimeOffset now = timeProvider.GetUtcNow();
        var query = new QueryParameters(context.Request.QueryString.Value);
        EmulatorRequest request = log.Begin(number => RequestSnapshot.Create(number, now, context.Request, query));
        try
        {
            await RespondAsync(context, query, request).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // The client disconnected or the emulator stops.
        }
        finally
        {
            log.End();
        }
    }

    private async Task RespondAsync(HttpContext context, QueryParameters query, EmulatorRequest request)
    {
        CancellationToken cancellationToken = context.RequestAborted;
        EmulatorFault? fault;
        try
        {
            if (BeforeResponse is { } beforeResponse)
            {
                await beforeResponse(request, cancellationToken).ConfigureAwait(false);
            }

            fault = await ApplyFaultAsync(request, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            // The callback and the predicates are user code, which may throw any exception. The response reports it.
            fault = EmulatorFault.Fail(StatusCodes.Status500InternalServerError, message: exception.ToString());
        }

        if (fault?.Disconnects == true)
        {
            context.Abort();
            return;
        }

        HttpResponse response = context.Response;
        response.Headers.Date = timeProvider.GetUtcNow().ToString("R", CultureInfo.InvariantCulture);
        response.Headers["X-Request-Id"] = request.RequestId;
        ResponseBody body = _bodies.Get();
        try
        {
            ReadOnlyMemory<byte> bytes = fault?.StatusCode is { } statusCode
                ? SetResponse(response, request, statusCode, fault.ContentType, fault.Body)
                : WriteResponse(context, query, request, body);
            foreach ((string name, string value) in fault?.Headers ?? [])
            {
                response.Headers[name] = value;
            }

            await ResponseSender.SendAsync(response, bytes, fault, timeProvider, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _bodies.Return(body);
        }
    }

    private async Task<EmulatorFault?> ApplyFaultAsync(EmulatorRequest request, CancellationToken cancellationToken)
    {
        if (faults.FindRule(request) is not { } rule)
        {
            return null;
        }

        // The delay starts before the rule counts as applied, so that a test that waits for the count can advance the clock.
        var delay = Task.Delay(rule.Fault.Delay, timeProvider, cancellationToken);
        rule.MarkApplied();
        await delay.ConfigureAwait(false);
        return rule.Fault;
    }

    private ReadOnlyMemory<byte> WriteResponse(HttpContext context, QueryParameters query, EmulatorRequest request, ResponseBody body)
    {
        PageRequest page = default;
        EmulatedJobStore? jobs = null;
        Rejection? rejection = JobsContract.CheckForm(context.Request)
            ?? _authenticator.Check(context.Request, query)
            ?? _contract.CheckUserAndTime(context.Request, out jobs)
            ?? _contract.ReadPage(query, out page);
        if (rejection is not null)
        {
            body.WriteError(rejection.Code, rejection.Message, options.WriteOldErrorShape);
            return SetResponse(context.Response, request, rejection.StatusCode, "application/json", body.Bytes);
        }

        EmulatedJob[] served = ArrayPool<EmulatedJob>.Shared.Rent(page.Limit);
        int count = options.ShuffleTies
            ? jobs!.CopyPage(page.Filter, page.Offset, served.AsSpan(0, page.Limit), new TieShuffle(options.Seed, request.Number))
            : jobs!.CopyPage(page.Filter, page.Offset, served.AsSpan(0, page.Limit));
        body.WritePage(served.AsSpan(0, count), options.WriteCodeAsText);
        ArrayPool<EmulatedJob>.Shared.Return(served, clearArray: true);
        return SetResponse(context.Response, request, StatusCodes.Status200OK, "application/json", body.Bytes, count);
    }

    private static ReadOnlyMemory<byte> SetResponse(
        HttpResponse response,
        EmulatorRequest request,
        int statusCode,
        string contentType,
        ReadOnlyMemory<byte> body,
        int? jobCount = null)
    {
        response.StatusCode = statusCode;
        response.ContentType = contentType;
        request.RecordResponse(statusCode, jobCount);
        return body;
    }
}
