using System.Net;
using System.Net.Http.Headers;
using System.Runtime.CompilerServices;
using KooDrive.Jobs.Streams.Errors;
using KooDrive.Jobs.Streams.Http.Reading;
using KooDrive.Jobs.Streams.Model;
using Polly;

namespace KooDrive.Jobs.Streams.Http.Client;

/// <summary>Sends one attempt of a request and reads the response. The outcome is a page or a <see cref="JobsException"/>.</summary>
/// <remarks>The state machines of this class and its callers are pooled, because a walk over a long list needs the same ones for each page.</remarks>
internal sealed class PageExchange(HttpClient httpClient, JobsClientOptions options, ServerClock clock)
{
    // Error bodies of the API are short. Only the beginning of a longer body is read.
    private const int MaxErrorBytes = 64 * 1024;

    private readonly PageAddress _address = new(options.Endpoint!);
    private readonly HttpRequestHeaders _defaultHeaders = httpClient.DefaultRequestHeaders;
    private readonly string _prefix = options.AuthorizationPrefix;
    private readonly LearningReader _reader = new(options.TimestampOffset);
    private readonly int _maxResponseBytes = options.MaxResponseBytes;

    public PageRequest CreateRequest(RequestHeaders headers, JobQuery query, long offset, int limit, PageFingerprint? previous) =>
        new(headers, _address.Create(query, offset, limit), offset, limit) { Previous = previous };

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<JobPage> SendAsync(PageRequest request, RequestAuthorization authorization, CancellationToken cancellationToken)
    {
        DateTimeOffset date = clock.GetRequestDate(request.TriedCorrection);
        string traceId = TraceId.Create();
        request.Facts = new RequestFacts { Offset = request.Offset, Limit = request.Limit, TraceId = traceId, Authorization = authorization };
        using HttpRequestMessage message = request.Headers.CreateMessage(request.Uri, clock.Format(date), traceId, addUserAgent: !_defaultHeaders.NonValidated.Contains(RequestHeaders.UserAgent));
        authorization.Apply(message, _prefix);
        bool hasResponse = false;
        try
        {
            using HttpResponseMessage response = await httpClient
                .SendAsync(message, HttpCompletionOption.ResponseHeadersRead, cancellationToken)
                .ConfigureAwait(false);
            hasResponse = true;
            request.Facts = Describe(response, request.Facts);
            ThrowIfRespondedElsewhere(response, request);
            request.SuggestedCorrection = response.StatusCode is HttpStatusCode.Unauthorized ? clock.Explain(date, response.Headers.Date) : null;
            JobPage page = await ReadAsync(response, request, cancellationToken).ConfigureAwait(false);
            if (request.TriedCorrection is { } correction)
            {
                clock.Confirm(correction);
            }

            return page;
        }
        catch (Exception exception) when (IsBroken(exception))
        {
            // Cancellation may surface as a broken connection.
            cancellationToken.ThrowIfCancellationRequested();
            throw ConnectionFailure.Create(exception, request.Facts);
        }
        catch (Exception exception) when (!hasResponse && exception is not (JobsException or ObjectDisposedException))
        {
            // The handlers of a caller's HttpClient are user code and may throw anything.
            throw ConnectionFailure.OfHandler(exception, request.Facts);
        }
    }

    private RequestFacts Describe(HttpResponseMessage response, RequestFacts facts) => facts.WithRequestId(RequestIdOf(response)) with
    {
        StatusCode = response.StatusCode,
        RetryAfter = RetryAfter.From(response.Headers, clock.GetUtcNow()),
    };

    private static string? RequestIdOf(HttpResponseMessage response) =>
        response.Headers.TryGetValues(RequestHeaders.RequestId, out IEnumerable<string>? ids) ? ids.FirstOrDefault() : null;

    private void ThrowIfRespondedElsewhere(HttpResponseMessage response, PageRequest request)
    {
        if (response.RequestMessage?.RequestUri is { IsAbsoluteUri: true } responder && responder != request.Uri && !_address.IsSameServer(responder))
        {
            throw new JobsResponseException(FailureText.RespondedElsewhere(responder.Host, request.Facts), request.Facts);
        }
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<JobPage> ReadAsync(HttpResponseMessage response, PageRequest request, CancellationToken cancellationToken)
    {
        RequestFacts facts = request.Facts;
        if (response.StatusCode is not HttpStatusCode.OK)
        {
            throw await ReadFailureAsync(response, facts, cancellationToken).ConfigureAwait(false);
        }

        using ResponseBody body = await ResponseBody.ReadAsync(response.Content, _maxResponseBytes, cancellationToken).ConfigureAwait(false);
        return body.IsTooLarge
            ? throw new JobsResponseException(FailureText.TooLarge(_maxResponseBytes, facts), facts)
            : request.Previous is { } previous ? ReadIfChanged(body.Bytes, previous, facts)
            : _reader.Read(body.Bytes, facts);
    }

    private JobPage ReadIfChanged(ReadOnlySpan<byte> body, PageFingerprint previous, in RequestFacts facts)
    {
        UInt128 hash = ResponseHash.Of(body);
        if (hash == previous.Hash)
        {
            return new JobPage { Jobs = [], Offset = facts.Offset, Limit = facts.Limit, RequestId = facts.RequestId, TraceId = facts.TraceId, Fingerprint = previous };
        }

        JobPage page = _reader.Read(body, facts);

        // Invalid fields are reported for each response.
        page.Fingerprint = page.InvalidFields.Count == 0 ? new PageFingerprint(hash, page.Jobs.Count) : null;
        return page;
    }

    private async ValueTask<JobsException> ReadFailureAsync(HttpResponseMessage response, RequestFacts facts, CancellationToken cancellationToken)
    {
        if ((int)response.StatusCode is >= 300 and < 400)
        {
            Uri? target = response.Headers.Location;
            return new JobsResponseException(FailureText.Redirected(target is { IsAbsoluteUri: true } ? target.Host : null, facts), facts);
        }

        try
        {
            int limit = Math.Min(MaxErrorBytes, _maxResponseBytes);
            using ResponseBody body = await ResponseBody.ReadAsync(response.Content, limit, cancellationToken).ConfigureAwait(false);
            (string? code, string? message) = ErrorBodyReader.Read(body.Bytes);
            return StatusFailure.Create(facts.WithError(code, message));
        }
        catch (Exception exception) when (IsBroken(exception) && !cancellationToken.IsCancellationRequested)
        {
            // The status code is sufficient.
            return StatusFailure.Create(facts, ConnectionFailure.SafeCause(exception));
        }
    }

    // Failures of the connection; damaged compression; a timeout or a rejection by the handlers of a caller's HttpClient.
    // The cancellation token distinguishes cancellation by the caller.
    private static bool IsBroken(Exception exception) => exception
        is HttpRequestException or IOException or InvalidDataException or ExecutionRejectedException or OperationCanceledException;
}
