using System.Text.Json;
using KooDrive.Jobs.Streams.Silo;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

// The argument: the settings as JSON.
HostApplicationBuilder builder = Host.CreateApplicationBuilder([]);
builder.Logging.SetMinimumLevel(LogLevel.Warning);
ClusterSilo.Add(builder, JsonSerializer.Deserialize<SiloSettings>(args[0])!);
IHost host = builder.Build();
await host.StartAsync();
await Console.Out.WriteLineAsync("started");
await host.WaitForShutdownAsync();
