using System.Collections.Concurrent;
using KooDrive.Jobs.Streams.Emulator;
using KooDrive.Jobs.Streams.Tests.Cli;

namespace KooDrive.Jobs.Streams.Tests.Readme;

/// <summary>The environment of an example: an emulator with jobs, a client, a watch, and the code of the reader that the example calls.</summary>
public sealed class ReadmeScene : IAsyncDisposable
{
    /// <summary>Provides the members of the environment under the names that the examples use.</summary>
    internal const string Source = """
        global using System;
        global using System.Collections.Generic;
        global using System.IO;
        global using System.Linq;
        global using System.Net.Http;
        global using System.Reactive.Linq;
        global using System.Threading;
        global using System.Threading.Tasks;
        global using KooDrive.Jobs.Streams;
        global using KooDrive.Jobs.Streams.Emulator;
        global using Microsoft.AspNetCore.Builder;
        global using Microsoft.AspNetCore.Http;
        global using Microsoft.Extensions.Configuration;
        global using Microsoft.Extensions.DependencyInjection;
        global using Microsoft.Extensions.Hosting;
        global using static Surroundings;

        internal static class Surroundings
        {
            private static KooDrive.Jobs.Streams.Tests.Readme.ReadmeScene Scene => KooDrive.Jobs.Streams.Tests.Readme.ReadmeScene.Current;
            public static Uri endpoint => Scene.Endpoint;
            public static string userId => Scene.UserId;
            public static string token => Scene.Token;
            public static JobsClient client => Scene.Client;
            public static JobWatch watch => Scene.Watch;
            public static string taskId => Scene.TaskId;
            public static string resumePoint => Scene.ResumePoint;
            public static string path => Scene.CheckpointPath;
            public static CancellationToken cancellationToken => Scene.CancellationToken;
            public static void Store(IReadOnlyList<Job> jobs, string? resumePoint) => Scene.Given.Enqueue(resumePoint!);
            public static void Alert(Job job) => Scene.Given.Enqueue(job.TaskId);
        }
        """;

    private static readonly AsyncLocal<ReadmeScene?> Present = new();

    private readonly JobsEmulator _emulator;
    private readonly TemporaryFile _checkpoint = new("");

    private ReadmeScene(JobsEmulator emulator, CancellationToken cancellationToken)
    {
        _emulator = emulator;
        CancellationToken = cancellationToken;
        Client = new JobsClient(new JobsClientOptions { Endpoint = Endpoint, UserId = UserId }, new AccessTokenCredential(Token));
        Watch = Client.WatchJobs(new JobWatchOptions { PollInterval = TimeSpan.FromSeconds(0.1) });
        TaskId = emulator.Jobs.Snapshot().First(job => job.IsFinished).TaskId;
        File.Delete(_checkpoint.Path);
    }

    /// <summary>The environment of the running example.</summary>
    public static ReadmeScene Current => Present.Value ?? throw new InvalidOperationException("No example runs here.");

    public Uri Endpoint => _emulator.Endpoint;

    public string UserId { get; } = new JobsEmulatorOptions().UserId;

    public string Token { get; } = new JobsEmulatorOptions().AccessToken;

    public JobsClient Client { get; }

    public JobWatch Watch { get; }

    /// <summary>A job that has finished.</summary>
    public string TaskId { get; }

    /// <summary>A resume point after the first page.</summary>
    public string ResumePoint { get; private set; } = "";

    /// <summary>The command line with the configuration of an example's host.</summary>
    public string[] Arguments => [$"--KooDrive:Endpoint={Endpoint}", $"--KooDrive:UserId={UserId}", $"--KooDrive:Token={Token}", "--urls=http://127.0.0.1:0"];

    public string CheckpointPath => _checkpoint.Path;

    public CancellationToken CancellationToken { get; }

    public static async Task<ReadmeScene> BeginAsync(CancellationToken cancellationToken)
    {
        var emulator = await JobsEmulator.StartAsync(new JobsEmulatorOptions { SampleJobCount = 250 }, cancellationToken: cancellationToken);
        var scene = new ReadmeScene(emulator, cancellationToken);

        // With the query of the example that resumes.
        var query = new JobQuery { Type = JobType.BatchDeletion, Status = JobStatus.Completed };
        await foreach (var page in scene.Client.ListJobs(query, new() { PageSize = 10 }).AsPages().WithCancellation(cancellationToken))
        {
            scene.ResumePoint = page.ResumePoint!;
            break;
        }

        return scene;
    }

    /// <summary>Makes this the environment of the code that the caller runs next.</summary>
    public void Enter() => Present.Value = this;

    /// <summary>The arguments that the reader's code received: task ids and resume points.</summary>
    public ConcurrentQueue<string> Given { get; } = [];

    public async ValueTask DisposeAsync()
    {
        await Watch.DisposeAsync();
        Client.Dispose();
        await _emulator.DisposeAsync();
        _checkpoint.Dispose();
    }
}
