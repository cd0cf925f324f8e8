using System.Text.Json;

namespace KooDrive.Jobs.Streams.Delivery;

/// <summary>An event in a message of the cluster, such as that of a stream: the text of the account and the JSON of the event.</summary>
[GenerateSerializer]
[Alias("koodrive.account-job-event")]
internal struct AccountJobEventSurrogate
{
    [Id(0)]
    public string Account;

    [Id(1)]
    public byte[] Json;
}

/// <summary>Converts events to and from messages of the cluster.</summary>
[RegisterConverter]
internal sealed class AccountJobEventConverter : IConverter<AccountJobEvent, AccountJobEventSurrogate>
{
    public AccountJobEvent ConvertFromSurrogate(in AccountJobEventSurrogate surrogate) =>
        new(JobAccount.Parse(surrogate.Account), JsonSerializer.Deserialize(surrogate.Json, JobsJsonContext.Default.JobEvent)!);

    public AccountJobEventSurrogate ConvertToSurrogate(in AccountJobEvent value) => new()
    {
        Account = value.Account.ToString(),
        Json = JsonSerializer.SerializeToUtf8Bytes(value.Event, JobsJsonContext.Default.JobEvent),
    };
}
