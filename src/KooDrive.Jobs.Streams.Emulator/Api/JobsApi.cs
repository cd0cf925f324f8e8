using System.Buffers;
using System.Globalization;
using KooDrive.Jobs.Streams.Emulator.Store;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.ObjectPool;

namespace KooDrive.Jobs.Streams.Emulator.Api;

/// <summary>Answers requests.</summary>
internal sealed class JobsApi(
    JobsEmulatorOptions options,
    TimeProvider timeProvider,
    EmulatedJobStore jobs,
    EmulatorCredentials credentials,
    EmulatorFaults faults,
    EmulatorRequestLog log)
{
    private readonly JobsContract _contract = new(options, timeProvider);
    private readonly Authenticator _authenticator = new(credentials, options.AuthorizationPrefix);
    private readonly ObjectPool<AnswerBody> _bodies = ObjectPool.Create<AnswerBody>();

    /// <summary>Called before a request is looked at.</summary>
    public Func<EmulatorRequest, CancellationToken, ValueTask>? BeforeAnswer { get; set; }

    public async Task HandleAsync(HttpContext context)
    {
        DateTimeOffset now = timeProvider.GetUtcNow();
        var query = new QueryParameters(context.Request.QueryString.Value);
        EmulatorRequest request = log.Begin(number => RequestSnapshot.Take(number, now, context.Request, query));
        try
        {
            await AnswerAsync(context, query, request).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // The client has gone or the emulator stops: there is nobody to answer.
        }
        finally
        {
            log.End();
        }
    }

    private async Task AnswerAsync(HttpContext context, QueryParameters query, EmulatorRequest request)
    {
        CancellationToken cancellationToken = context.RequestAborted;
        EmulatorFault? fault;
        try
        {
            if (BeforeAnswer is { } beforeAnswer)
            {
                await beforeAnswer(request, cancellationToken).ConfigureAwait(false);
            }

            fault = await MeetFaultAsync(request, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            // Up to here the caller's own code runs, which may throw anything. The answer is where its author will look.
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
        AnswerBody body = _bodies.Get();
        try
        {
            ReadOnlyMemory<byte> bytes = fault?.StatusCode is { } statusCode
                ? Answer(response, request, statusCode, fault.ContentType, fault.Body)
                : AnswerTruly(context, query, request, body);
            foreach ((string name, string value) in fault?.Headers ?? [])
            {
                response.Headers[name] = value;
            }

            await AnswerSender.SendAsync(response, bytes, fault, timeProvider, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _bodies.Return(body);
        }
    }

    private async Task<EmulatorFault?> MeetFaultAsync(EmulatorRequest request, CancellationToken cancellationToken)
    {
        if (faults.Take(request) is not { } order)
        {
            return null;
        }

        // The delay runs before the order counts as consumed: who waits for that may then advance the clock.
        Task delay = Task.Delay(order.Fault.Delay, timeProvider, cancellationToken);
        order.MarkConsumed();
        await delay.ConfigureAwait(false);
        return order.Fault;
    }

    private ReadOnlyMemory<byte> AnswerTruly(HttpContext context, QueryParameters query, EmulatorRequest request, AnswerBody body)
    {
        PageRequest page = default;
        Refusal? refusal = JobsContract.CheckForm(context.Request)
            ?? _authenticator.Check(context.Request, query)
            ?? _contract.CheckUserAndTime(context.Request)
            ?? _contract.ReadPage(query, out page);
        if (refusal is not null)
        {
            body.WriteError(refusal.Code, refusal.Message, options.WriteOldErrorShape);
            return Answer(context.Response, request, refusal.StatusCode, "application/json", body.Bytes);
        }

        EmulatedJob[] served = ArrayPool<EmulatedJob>.Shared.Rent(page.Limit);
        int count = options.ShuffleTies
            ? jobs.CopyPage(page.Filter, page.Offset, served.AsSpan(0, page.Limit), new TieShuffle(options.Seed, request.Number))
            : jobs.CopyPage(page.Filter, page.Offset, served.AsSpan(0, page.Limit));
        body.WritePage(served.AsSpan(0, count), options.WriteCodeAsText);
        ArrayPool<EmulatedJob>.Shared.Return(served, clearArray: true);
        return Answer(context.Response, request, StatusCodes.Status200OK, "application/json", body.Bytes, count);
    }

    private static ReadOnlyMemory<byte> Answer(
        HttpResponse response,
        EmulatorRequest request,
        int statusCode,
        string contentType,
        ReadOnlyMemory<byte> body,
        int? jobsServed = null)
    {
        response.StatusCode = statusCode;
        response.ContentType = contentType;
        request.Answered(statusCode, jobsServed);
        return body;
    }
}
