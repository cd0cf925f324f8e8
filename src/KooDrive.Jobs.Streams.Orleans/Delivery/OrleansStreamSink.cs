using KooDrive.Jobs.Streams.Diagnostics;

namespace KooDrive.Jobs.Streams.Delivery;

/// <summary>Publishes events to an Orleans stream for each account. Thread-safe.</summary>
/// <param name="client">The client of the silo, because the sink is called outside of grains.</param>
/// <param name="providerName">The name of the stream provider.</param>
internal sealed class OrleansStreamSink(IClusterClient client, string providerName) : IJobEventSink
{
    public async ValueTask WriteAsync(AccountJobEvent jobEvent, CancellationToken cancellationToken)
    {
        var id = StreamId.Create(JobWatchGrainDefaults.StreamNamespace, jobEvent.Account.ToString());
        await client.GetStreamProvider(providerName).GetStream<AccountJobEvent>(id).OnNextAsync(jobEvent)
            .IgnoreLateFailure().WaitAsync(cancellationToken).ConfigureAwait(false);
    }
}
