using System.Text.Json;

namespace KooDrive.Jobs.Streams.Model;

/// <summary>Writes and reads a job as JSON, with the names and the order of the API document. Coded values are also written by name.</summary>
internal static class JobJson
{
    // Compared by reference, so that no id of a server is equal to it.
    private static readonly string AbsentTaskId = new('-', 1);

    private static readonly JsonEncodedText[] Names = Encode("");

    // The members of coded values by name: statusName.
    private static readonly JsonEncodedText[] CodeNames = Encode("Name");

    public static void Write(Utf8JsonWriter json, Job job)
    {
        json.WriteStartObject();
        json.WriteString(NameOf(JobMember.TaskId), job.TaskId);
        WriteCode(json, JobMember.TaskType, job.Type);
        WriteCode(json, JobMember.ActionType, job.Action);
        WriteCode(json, JobMember.Status, job.Status);
        WriteCode(json, JobMember.TaskResultCode, job.Result);

        // In the form that the server sent: a number, or text that is not a number.
        json.WriteIfPresent(NameOf(JobMember.ResultCode), job.ResultCode);
        json.WriteIfPresent(NameOf(JobMember.ResultCode), job.ResultCode is null ? job.ResultCodeText : null);
        json.WriteIfPresent(NameOf(JobMember.ContentNum), job.ContentCount);
        json.WriteIfPresent(NameOf(JobMember.ContainerId), job.ContainerId);
        json.WriteIfPresent(NameOf(JobMember.TenantId), job.TenantId);
        json.WriteIfPresent(NameOf(JobMember.BeginTime), job.BeginTime);
        json.WriteIfPresent(NameOf(JobMember.EndTime), job.EndTime);
        json.WriteIfPresent(NameOf(JobMember.CreateTime), job.CreateTime);
        json.WriteIfPresent(NameOf(JobMember.TaskName), job.TaskName);
        json.WriteIfPresent(NameOf(JobMember.UserId), job.UserId);
        json.WriteIfPresent(NameOf(JobMember.Progress), job.Progress);
        json.WriteIfPresent(NameOf(JobMember.DownloadUrl), job.DownloadUrl);
        json.WriteEndObject();
    }

    /// <summary>Reads the object at the reader's position.</summary>
    /// <exception cref="JsonException">The value is not a job.</exception>
    public static Job Read(ref Utf8JsonReader json)
    {
        Job job = ReadState(ref json);
        return HasTaskId(job) ? job : throw new JsonException($"The job has no {NameOf(JobMember.TaskId)}.");
    }

    /// <summary>Whether the JSON of a job that <see cref="ReadState"/> has returned contains a task id.</summary>
    public static bool HasTaskId(Job state) => !ReferenceEquals(state.TaskId, AbsentTaskId);

    /// <summary>Reads the object at the reader's position, which may lack the task id: see <see cref="HasTaskId"/>.</summary>
    /// <exception cref="JsonException">The value is not a state of a job.</exception>
    public static Job ReadState(ref Utf8JsonReader json)
    {
        if (json.TokenType is not JsonTokenType.StartObject)
        {
            throw new JsonException("A job must be an object.");
        }

        string? taskId = null;
        JobValues values = default;
        ValueReader reader = default;
        JobMember member = JobMember.Unknown;
        while (json.Read() && json.TokenType is JsonTokenType.PropertyName)
        {
            member = JobMembers.Find(in json, member);
            json.Read();
            switch (member)
            {
                case JobMember.TaskId:
                    taskId = json.GetString();
                    break;
                case JobMember.Unknown:
                    // The name of a coded value, or a member of a later version.
                    json.TrySkip();
                    break;
                default:
                    values.Read(member, ref reader, in json);
                    break;
            }
        }

        RepeatedExtras extras = default;
        return values.ToJob(string.IsNullOrEmpty(taskId) ? AbsentTaskId : taskId, ref extras);
    }

    private static JsonEncodedText[] Encode(string suffix) =>
        [.. Enumerable.Range(0, (int)JobMember.Unknown).Select(member => JsonEncodedText.Encode(JobMembers.NameOf((JobMember)member) + suffix))];

    private static JsonEncodedText NameOf(JobMember member) => Names[(int)member];

    private static void WriteCode<T>(Utf8JsonWriter json, JobMember member, T? value)
        where T : struct, Enum => json.WriteCode(NameOf(member), CodeNames[(int)member], value);

    /// <summary>Reads values of the kinds that <see cref="Write"/> writes. The serializer converts the exceptions for others to a <see cref="JsonException"/>.</summary>
    private readonly struct ValueReader : IJobValueReader<Utf8JsonReader>
    {
        public int ReadInt32(ref readonly Utf8JsonReader source, out int? value)
        {
            value = IsNull(in source) ? null : source.GetInt32();
            return 0;
        }

        public int ReadInt64(ref readonly Utf8JsonReader source, out long? value)
        {
            value = IsNull(in source) ? null : source.GetInt64();
            return 0;
        }

        public int ReadTime(ref readonly Utf8JsonReader source, out JobTime value)
        {
            value = JobTime.From(IsNull(in source) ? null : JsonMembers.GetTime(in source));
            return 0;
        }

        public int ReadText(ref readonly Utf8JsonReader source, out string? value)
        {
            value = source.GetString();
            return 0;
        }

        public int ReadRepeatedText(ref readonly Utf8JsonReader source, out string? value) => ReadText(in source, out value);

        public int ReadCode(ref readonly Utf8JsonReader source, out long? number, out string? text)
        {
            text = null;
            if (source.TokenType is not JsonTokenType.String)
            {
                return ReadInt64(in source, out number);
            }

            (number, text) = JobExtras.ReadCode(source.GetString());
            return 0;
        }

        private static bool IsNull(ref readonly Utf8JsonReader source) => source.TokenType is JsonTokenType.Null;
    }
}
