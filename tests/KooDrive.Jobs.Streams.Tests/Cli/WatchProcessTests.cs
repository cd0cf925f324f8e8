using System.Text.Json;
using KooDrive.Jobs.Streams.Emulator;

namespace KooDrive.Jobs.Streams.Tests.Cli;

public class WatchProcessTests
{
    private const int Kills = 4;

    [Fact]
    public async Task W10_Watch_misses_no_change_when_it_is_killed_and_restarted()
    {
        await using JobsEmulator emulator = await WatchTests.StartAsync();
        emulator.Jobs.Fill(300);
        using var file = new TemporaryFile("");
        File.Delete(file.Path);
        var random = new Random(1);
        var received = new Dictionary<string, (int? Status, int? Result)>();
        HashSet<string> touched = [];

        for (int kill = 0; kill <= Kills; kill++)
        {
            using var watch = new KooJobsProcess(
                KooJobs.ConnectionTo(emulator),
                "watch", "--checkpoint", file.Path, "--interval", "0.1", "--output", "ndjson");
            int events = 0;
            int killAfter = random.Next(3, 10);
            while (await watch.Output.ReadLineAsync(TestContext.Current.CancellationToken) is { } line)
            {
                JsonElement jobEvent = JsonDocument.Parse(line).RootElement;
                string name = jobEvent.GetProperty("event").GetString()!;
                if (name is "added" or "changed")
                {
                    JsonElement job = jobEvent.GetProperty("current");
                    received[jobEvent.GetProperty("taskId").GetString()!] = (Number(job, "status"), Number(job, "taskResultCode"));
                }

                if (name == "pollCompleted")
                {
                    events++;
                    if (kill < Kills && events == killAfter)
                    {
                        break;
                    }

                    if (kill == Kills && touched.All(IsPublished))
                    {
                        return;
                    }

                    Change();
                }
            }

            await watch.SignalAsync("KILL");
            await watch.WaitForExitAsync();

            // While no watch runs.
            Change();
            Change();
        }

        Assert.Fail("The last watch ended by itself.");

        void Change()
        {
            if (touched.Count >= 30)
            {
                return;
            }

            string added = emulator.Jobs.Add(taskType: 2).TaskId;
            touched.Add(added);
            foreach (string taskId in touched.Where(_ => random.Next(3) == 0).ToArray())
            {
                EmulatedJob job = emulator.Jobs.Find(taskId)!;
                if (job.Status == 0)
                {
                    emulator.Jobs.Start(taskId);
                }
                else if (job.Status == 1)
                {
                    emulator.Jobs.Finish(taskId, random.Next(1, 4));
                }
            }
        }

        bool IsPublished(string taskId) =>
            emulator.Jobs.Find(taskId) is { } job && received.TryGetValue(taskId, out (int? Status, int? Result) last) && last == (job.Status, job.TaskResultCode);
    }

    private static int? Number(JsonElement job, string name) => job.TryGetProperty(name, out JsonElement value) ? value.GetInt32() : null;
}
