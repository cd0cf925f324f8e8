using KooDrive.Jobs.Streams.Emulator;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace KooDrive.Jobs.Streams.Tests.Cli.Dashboard;

[Collection(BrowserTests.Name)]
public class DashboardAccessibilityTests(Browser browser)
{
    // The contrast ratio of WCAG 2.2 for every text on the page and its background.
    private const string TextsWithoutContrast = """
        () => {
          const parse = color => color.match(/[\d.]+/g).map(Number);
          const luminance = ([r, g, b]) => [r, g, b]
            .map(part => part / 255)
            .map(part => part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4)
            .reduce((sum, part, index) => sum + part * [0.2126, 0.7152, 0.0722][index], 0);
          const background = element => {
            for (let at = element; at; at = at.parentElement) {
              const color = parse(getComputedStyle(at).backgroundColor);
              if (color.length === 3 || color[3] === 1) return color;
            }
            return [255, 255, 255];
          };
          return [...document.querySelectorAll('body *')]
            .filter(element => element.checkVisibility() && [...element.childNodes].some(node => node.nodeType === 3 && node.data.trim()))
            .map(element => {
              const [light, dark] = [luminance(parse(getComputedStyle(element).color)), luminance(background(element))].sort((a, b) => b - a);
              return { text: element.textContent, ratio: (light + 0.05) / (dark + 0.05) };
            });
        }
        """;

    [Fact]
    public async Task Page_has_a_role_and_a_name_for_every_element()
    {
        LongTests.SkipUnlessEnabled();
        await using ShownDashboard shown = await ShownDashboard.OpenAsync(browser, AddOneOfEach);
        IPage page = shown.Page;

        await Expect(page.GetByRole(AriaRole.Banner).GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync("KooDrive jobs");
        await Expect(page.GetByRole(AriaRole.Search, new() { Name = "Filter the jobs" }).GetByRole(AriaRole.Combobox)).ToHaveCountAsync(2);
        await Expect(page.GetByRole(AriaRole.Combobox, new() { Name = "Type" })).ToHaveCountAsync(1);
        await Expect(page.GetByRole(AriaRole.Combobox, new() { Name = "Status" })).ToHaveCountAsync(1);
        await Expect(page.GetByRole(AriaRole.Status)).ToHaveTextAsync("Live");
        await Expect(page.GetByRole(AriaRole.Log, new() { Name = "Finished jobs" })).ToHaveCountAsync(1);
        await Expect(page.GetByRole(AriaRole.Main).GetByRole(AriaRole.Region)).ToHaveCountAsync(4);
        foreach (string name in (string[])["Failed", "Running", "Finished"])
        {
            await Expect(shown.Table(name).GetByRole(AriaRole.Columnheader)).ToHaveCountAsync(5);
        }

        await Expect(shown.TaskIds).ToHaveCountAsync(6);
        await Expect(page.Locator("html")).ToHaveAttributeAsync("lang", "en");
        Assert.Empty(shown.BrowserErrors);
    }

    [Theory]
    [InlineData(ColorScheme.Light)]
    [InlineData(ColorScheme.Dark)]
    public async Task Page_has_sufficient_contrast(ColorScheme scheme)
    {
        LongTests.SkipUnlessEnabled();
        await using ShownDashboard shown = await ShownDashboard.OpenAsync(
            browser, AddOneOfEach, new() { ColorScheme = scheme });
        await Expect(shown.TaskIds).ToHaveCountAsync(6);

        TextContrast[] texts = await shown.Page.EvaluateAsync<TextContrast[]>(TextsWithoutContrast);

        Assert.InRange(texts.Length, 60, 250);
        Assert.Empty(texts.Where(text => text.Ratio < 4.5));
        string page = await shown.Page.Locator("html").EvaluateAsync<string>("root => getComputedStyle(root).getPropertyValue('--page')");
        Assert.Equal(scheme == ColorScheme.Dark ? "#12151b" : "#f6f7f9", page);
    }

    [Fact]
    public async Task Page_fits_the_width_of_a_narrow_screen()
    {
        LongTests.SkipUnlessEnabled();
        await using ShownDashboard shown = await ShownDashboard.OpenAsync(
            browser, AddOneOfEach, new() { ViewportSize = new ViewportSize { Width = 360, Height = 640 } });
        await Expect(shown.TaskIds).ToHaveCountAsync(6);

        Assert.Equal(360, await shown.Page.Locator("html").EvaluateAsync<int>("root => root.scrollWidth"));
    }

    private static void AddOneOfEach(EmulatedJobStore jobs)
    {
        jobs.Add(new EmulatedJob { TaskType = 1, Status = 0, TaskName = "Nightly copy" });
        jobs.Add(new EmulatedJob { TaskType = 2, ActionType = 202, Status = 1, Progress = 40, ContentNum = 12 });
        foreach (int result in (int[])[1, 2, 3])
        {
            jobs.Finish(jobs.Add(taskType: 3).TaskId, result);
        }

        jobs.Cancel(jobs.Add(taskType: 5).TaskId);
    }

    private sealed record TextContrast
    {
        public string Text { get; init; } = "";

        public double Ratio { get; init; }
    }
}
