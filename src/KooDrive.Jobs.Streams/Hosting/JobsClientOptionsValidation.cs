using Microsoft.Extensions.Options;

namespace KooDrive.Jobs.Streams;

/// <summary>The same rules that <see cref="JobsClient"/> applies, for the options system: so a host with wrong options does not start.</summary>
internal sealed class JobsClientOptionsValidation : IValidateOptions<JobsClientOptions>
{
    public ValidateOptionsResult Validate(string? name, JobsClientOptions options) =>
        OptionsFailures.Of(name, JobsClientOptionsValidator.Validate(options));
}
