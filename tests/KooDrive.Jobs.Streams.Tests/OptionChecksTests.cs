using KooDrive.Jobs.Streams.Errors;

namespace KooDrive.Jobs.Streams.Tests;

public class OptionChecksTests
{
    private readonly OptionChecks _checks = new();

    [Theory]
    [InlineData(0.9, "D is 0.9 s: it must be 1 s to 3,600 s.")]
    [InlineData(-90_000, "D is -90,000 s: it must be 1 s to 3,600 s.")]
    [InlineData(3_600.001, "D is 3,600.001 s: it must be 1 s to 3,600 s.")]
    [InlineData(1, null)]
    [InlineData(3_600, null)]
    public void Duration_names_the_value_and_the_limits_with_their_unit(double seconds, string? failure)
    {
        _checks.Duration("D", TimeSpan.FromSeconds(seconds), TimeSpan.FromSeconds(1), TimeSpan.FromHours(1));

        Assert.Equal(failure is null ? [] : [failure], _checks.Failures);
    }

    [Fact]
    public void Duration_names_the_options_that_are_its_limits()
    {
        _checks.Duration("D", TimeSpan.Zero, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(2), minName: "Min", maxName: "Max");
        _checks.Duration("N", null, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(2));

        Assert.Equal(["D is 0 s: it must be 1 s (Min) to 2 s (Max)."], _checks.Failures);
    }

    [Theory]
    [InlineData(11, 10, "N is 11: it must be 0 to 10 jobs.")]
    [InlineData(-1, double.PositiveInfinity, "N is -1: it must be 0 or more jobs.")]
    [InlineData(double.NaN, 10, "N is NaN: it must be 0 to 10 jobs.")]
    [InlineData(double.NegativeInfinity, 2_000_000, "N is -Infinity: it must be 0 to 2,000,000 jobs.")]
    [InlineData(10, 10, null)]
    public void Number_names_the_value_and_the_limits(double value, double max, string? failure)
    {
        _checks.Number("N", value, 0, max, "jobs");
        _checks.Number("O", null, 0, max);

        Assert.Equal(failure is null ? [] : [failure], _checks.Failures);
    }

    [Fact]
    public void ThrowIfFailed_throws_once_for_all_errors()
    {
        _checks.ThrowIfFailed("options");
        _checks.Add("A is wrong.");
        _checks.Defined("Day", (DayOfWeek)9);

        JobsOptionsException error = Assert.Throws<JobsOptionsException>(() => _checks.ThrowIfFailed("options"));

        Assert.Equal("options", error.ParamName);
        Assert.Equal("A is wrong.", error.Failures[0]);
        Assert.StartsWith("Day is 9: it must be Sunday or Monday or ", error.Failures[1], StringComparison.Ordinal);
    }
}
