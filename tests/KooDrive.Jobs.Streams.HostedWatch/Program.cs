using KooDrive.Jobs.Streams;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

// Arguments: the endpoint, the user id and the access token.
HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(settings: null);
builder.Services.AddSingleton<JobsCredential>(new AccessTokenCredential(args[2]));
builder.Services.AddKooDriveJobs(options =>
{
    options.Endpoint = new Uri(args[0]);
    options.UserId = args[1];
});
builder.Services.AddKooDriveJobWatch(options =>
{
    options.PollInterval = TimeSpan.FromSeconds(0.1);
    options.FatalErrorGracePeriod = TimeSpan.FromSeconds(0.2);
}).AddHandler<PrintingHandler>();
await builder.Build().RunAsync();

internal sealed class PrintingHandler : IJobChangeHandler
{
    public async ValueTask HandleAsync(JobChange change, CancellationToken cancellationToken) =>
        await Console.Out.WriteLineAsync(change.Job.TaskId.AsMemory(), cancellationToken);
}
