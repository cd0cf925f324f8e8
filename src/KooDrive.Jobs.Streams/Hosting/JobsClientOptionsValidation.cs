using KooDrive.Jobs.Streams.Errors;
using KooDrive.Jobs.Streams.Http;
using Microsoft.Extensions.Options;

namespace KooDrive.Jobs.Streams.Hosting;

/// <summary>Validates the options of a registered client and the registration of its credential.</summary>
/// <param name="provider">The container of the credential.</param>
internal sealed class JobsClientOptionsValidation(IServiceProvider provider) : IValidateOptions<JobsClientOptions>
{
    public ValidateOptionsResult Validate(string? name, JobsClientOptions options)
    {
        OptionChecks checks = JobsClientOptionsValidator.Check(options);
        string? serviceKey = JobsClientRegistration.ServiceKey(name);
        if (JobsClientRegistration.Find<JobsCredential>(provider, serviceKey) is null)
        {
            string registration = serviceKey is null ? "AddSingleton<JobsCredential>(" : $"AddKeyedSingleton<JobsCredential>(\"{serviceKey}\", ";
            checks.Add($"No {nameof(JobsCredential)} is registered: call services.{registration}…) with an {nameof(AccessTokenCredential)} or an {nameof(AppCredential)}.");
        }

        return OptionsFailures.Of(name, checks.Failures);
    }
}
