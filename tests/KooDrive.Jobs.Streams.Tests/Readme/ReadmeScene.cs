using KooDrive.Jobs.Streams.Emulator;
using KooDrive.Jobs.Streams.Tests.Http;

namespace KooDrive.Jobs.Streams.Tests.Readme;

/// <summary>The account that the examples of the README use: an emulator with jobs.</summary>
public sealed class ReadmeScene : IAsyncDisposable
{
    /// <summary>The implicit usings of a console project.</summary>
    internal const string ImplicitUsings = """
        global using System;
        global using System.Collections.Generic;
        global using System.IO;
        global using System.Linq;
        global using System.Net.Http;
        global using System.Threading;
        global using System.Threading.Tasks;
        """;

    private readonly JobsEmulator _emulator;
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("koodrive-readme-");
    private readonly string _resumePoint;

    private ReadmeScene(JobsEmulator emulator, string resumePoint) => (_emulator, _resumePoint) = (emulator, resumePoint);

    private static JobsEmulatorOptions Account { get; } = new();

    public static async Task<ReadmeScene> StartAsync(CancellationToken cancellationToken)
    {
        JobsEmulator emulator = await JobsEmulator.StartAsync(new JobsEmulatorOptions { SampleJobCount = 250 }, cancellationToken: cancellationToken);

        // The query of the example that resumes.
        var query = new JobQuery { Type = JobType.BatchDeletion, Status = JobStatus.Completed };
        using JobsClient client = TestClients.ToEmulator(emulator.Endpoint);
        JobPage first = await client.ListJobs(query, new() { PageSize = 10 }).AsPages().FirstAsync(cancellationToken);
        return new ReadmeScene(emulator, first.ResumePoint!);
    }

    /// <summary>Returns the command line of an example, as the README describes it.</summary>
    public string[] ArgumentsFor(string example)
    {
        if (example.Contains("CreateApplicationBuilder", StringComparison.Ordinal) || example.Contains("WebApplication.CreateBuilder", StringComparison.Ordinal))
        {
            return [$"--KooDrive:Endpoint={_emulator.Endpoint}", $"--KooDrive:UserId={Account.UserId}", $"--KooDrive:Token={Account.AccessToken}", "--urls=http://127.0.0.1:0"];
        }

        if (example.Contains("Sqlite", StringComparison.Ordinal))
        {
            return [$"{_emulator.Endpoint}", Account.UserId, Account.AccessToken, Path.Combine(_folder.FullName, "outcomes.db")];
        }

        string last = example.Contains("AsPages", StringComparison.Ordinal) ? _resumePoint : _emulator.Jobs.Snapshot().First(job => job.IsFinished).TaskId;
        return [$"{_emulator.Endpoint}", Account.UserId, Account.AccessToken, last];
    }

    public async ValueTask DisposeAsync()
    {
        await _emulator.DisposeAsync();
        _folder.Delete(recursive: true);
    }
}
