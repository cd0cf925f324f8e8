using System.Diagnostics;
using KooDrive.Jobs.Streams.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Polly;

namespace KooDrive.Jobs.Streams.Hosting;

/// <summary>Calls the handlers of a watch for an event: each in its turn, again if it fails, and then what the options say.</summary>
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
        _retries = HandlerRetries.Create(options, timeProvider, () => _telemetry.Instruments.HandlerRetries.Add(1, _telemetry.Tags));
    }

    /// <summary>The handlers have dealt with the event when it completes.</summary>
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
            catch (Exception error) when (cancellationToken.IsCancellationRequested)
            {
                // Not everything that is interrupted says so: database clients throw exceptions of their own. It was not given the time to succeed, so it has
                // not failed either.
                throw new OperationCanceledException($"{handler.Type.Name} was interrupted, because the host stops.", error, cancellationToken);
            }
            catch (Exception error) when (_failedChanges is FailedChangeAction.Skip)
            {
                // Whatever it is: that the next change has its turn is what the user chose.
                HandlerLog.Skipped(_logger, handler.Type.Name, (next as JobChange)?.Job.TaskId, next.Poll, error);
                _telemetry.Instruments.HandlerSkipped.Add(1, new TagList(_telemetry.Tags) { { TagNames.Handler, handler.Type.FullName } });
            }
            catch (Exception error)
            {
                HandlerLog.GivenUp(_logger, handler.Type.Name, (next as JobChange)?.Job.TaskId, next.Poll, error);
                throw;
            }
        }
    }

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
            catch (Exception error) when (!cancellationToken.IsCancellationRequested)
            {
                // Told here, where it is known whose it is: all attempts but the last are followed by another.
                HandlerLog.Failed(_logger, registration.Type.Name, (next as JobChange)?.Job.TaskId, next.Poll, error);
                throw;
            }
        }
    }
}
