namespace KooDrive.Jobs.Streams.Tests.Watching.Polling;
public class Probe
{
    [Fact]
    public async Task Run()
    {
        var text = new System.Text.StringBuilder();
        foreach (Trouble trouble in Enum.GetValues<Trouble>())
        {
            int failed = 0, n = 0; long polls = 0, requests = 0, failures = 0;
            Dictionary<string, int> kinds = [];
            foreach (WatchScenario scenario in WatchScenarios.Sample(400, trouble))
            {
                n++;
                try { var run = await ScenarioRun.PlayAsync(scenario); polls += run.Polls; requests += run.Requests; failures += run.Failures; foreach (var (k, c) in run.Kinds) kinds[k] = kinds.GetValueOrDefault(k) + c; }
                catch (Exception e) { failed++; if (failed <= 13) text.AppendLine($"  {n}: {e.Message} {(e is FeedException ? "" : e.StackTrace)} | {scenario with { Script = [] }}"); }
            }
            text.AppendLine($"{trouble}: {failed} of {n} failed, {polls} polls, {requests} requests, {failures} failures, {string.Join(" ", kinds)}");
        }
        await File.WriteAllTextAsync("/tmp/probe.txt", text.ToString());
    }
}
