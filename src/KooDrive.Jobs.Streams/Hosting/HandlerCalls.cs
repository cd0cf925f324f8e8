using System.Diagnostics;
using KooDrive.Jobs.Streams.Diagnostics;
using KooDrive.Jobs.Streams.Errors;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Polly;

namespace KooDrive.Jobs.Streams.Hosting;

/// <summary>Calls the handlers of a watch for an event, in order, with retries and the <see cref="FailedChangeAction"/> of the options.</summary>
internal sealed class HandlerCalls
{
    private readonly IServiceScopeFactory _scopes;
    private readonly IReadOnlyList<HandlerRegistration> _handlers;
    private readonly FailedChangeAction _failedChanges;
    private readonly ILogger _logger;
    private readonly ClientTelemetry _telemetry;
    private readonly ResiliencePipeline _retries;

    public HandlerCalls(
        IServiceScopeFactory scopes,
        IReadOnlyList<HandlerRegistration> handlers,
        HostedJobWatchOptions options,
        TimeProvider timeProvider,
        ILogger logger,
        ClientTelemetry telemetry)
    {
        _scopes = scopes;
        _handlers = handlers;
        _failedChanges = options.FailedChangeAction;
        _logger = logger;
        _telemetry = telemetry;
        _retries = HandlerRetries.Create(options.MaxHandlerRetries, options, timeProvider, () => _telemetry.Instruments.HandlerRetries.Add(1, _telemetry.Tags));
    }

    /// <summary>Calls the handlers; completes when every handler has processed or skipped the event.</summary>
    /// <exception cref="OperationCanceledException">Canceled.</exception>
    public async ValueTask CallAsync(JobEvent next, CancellationToken cancellationToken)
    {
        if (next is not (JobChange or WatchGap))
        {
            return;
        }

        foreach (HandlerRegistration handler in _handlers)
        {
            try
            {
                await _retries.ExecuteAsync(
                    static (call, token) => call.Calls.AttemptAsync(call.Handler, call.Next, token),
                    (Calls: this, Handler: handler, Next: next),
                    cancellationToken).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                throw;
            }
            catch (Exception exception) when (cancellationToken.IsCancellationRequested)
            {
                // Database clients throw their own exceptions when they are canceled. An interrupted handler has not failed.
                throw new OperationCanceledException($"{handler.Type.Name} was canceled because the host is stopping.", exception, cancellationToken);
            }
            catch (Exception exception) when (_failedChanges is FailedChangeAction.Skip)
            {
                // A handler may throw any exception, and the user chose to continue with the next change.
                string? taskId = TaskIdOf(next);
                HandlerLog.Skipped(_logger, handler.Type.Name, taskId, next.Poll, exception);
                _telemetry.Instruments.HandlerSkipped.Add(1, new TagList(_telemetry.Tags) { { TagNames.Handler, handler.Type.FullName } });
            }
            catch (Exception exception)
            {
                string? taskId = TaskIdOf(next);
                HandlerLog.GivenUp(_logger, handler.Type.Name, taskId, next.Poll, exception);
                throw;
            }
        }
    }

    // An id is text from the server.
    private static string? TaskIdOf(JobEvent next) => SafeText.Id((next as JobChange)?.Job.TaskId);

    private async ValueTask AttemptAsync(HandlerRegistration registration, JobEvent next, CancellationToken cancellationToken)
    {
        AsyncServiceScope scope = _scopes.CreateAsyncScope();
        await using (scope.ConfigureAwait(false))
        {
            try
            {
                IJobChangeHandler handler = registration.Create(scope.ServiceProvider);
                if (next is JobChange change)
                {
                    await handler.HandleAsync(change, cancellationToken).ConfigureAwait(false);
                }
                else
                {
                    await handler.HandleGapAsync((WatchGap)next, cancellationToken).ConfigureAwait(false);
                }
            }
            catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
            {
                // Each attempt is reported, with the name of its handler.
                string? taskId = TaskIdOf(next);
                HandlerLog.Failed(_logger, registration.Type.Name, taskId, next.Poll, exception);
                throw;
            }
        }
    }
}

/// <summary>The registration of a handler of a watch.</summary>
/// <param name="ServiceKey">The service key of the watch; null for the watch without a key.</param>
/// <param name="Type">The type of the handler.</param>
/// <param name="Create">Returns the handler from a scope.</param>
internal sealed record HandlerRegistration(string? ServiceKey, Type Type, Func<IServiceProvider, IJobChangeHandler> Create);
