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
            string registration = serviceKey is null ? "services.AddSingleton<JobsCredential>(…)" : $"services.AddKeyedSingleton<JobsCredential>(\"{serviceKey}\", …)";
            IEnumerable<string> failures = JobsClientRegistration.Find<ConfiguredCredential>(provider, serviceKey)?.Check(registration)
                ?? [$"No {nameof(JobsCredential)} is registered: call {registration} with an {nameof(AccessTokenCredential)} or an {nameof(AppCredential)}."];
            foreach (string failure in failures)
            {
                checks.Add(failure);
            }
        }

        return OptionsFailures.Of(name, checks.Failures);
    }
}
