using System.Net.WebSockets;
using System.Text.Json;
using System.Text.Json.Serialization;
using Whence;

namespace Live;

/// <summary>What the page asks. Of <see cref="Ask"/> "digit", "sentence" or "row", one of the rest is given.</summary>
/// <param name="Ask">About what.</param>
/// <param name="Id">Comes back with the answer.</param>
/// <param name="Alpha">Where on the way from the reference, 0, to what was given, 1.</param>
/// <param name="Target">What is explained; null for what the network says of what was given.</param>
/// <param name="Pixels">A digit: 784 bytes, in base64.</param>
/// <param name="Text">A sentence.</param>
/// <param name="Values">A row's measurements.</param>
internal sealed record Asked(string Ask, int Id, double Alpha, int? Target, byte[]? Pixels, string? Text, double[]? Values);

/// <summary>An answer to a question that cannot be answered.</summary>
internal sealed record Refused(int Id, string Error);

/// <summary>Asks and answers in turn, over one socket: the page asks again when it has its answer, so that nothing piles up.</summary>
internal sealed class Conversation(DigitDesk digits, SentenceDesk sentences, RowDesk rows)
{
    private const int MostBytes = 16 * 1024;

    private static readonly JsonSerializerOptions json = new(JsonSerializerDefaults.Web)
    {
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    };

    /// <summary>Answers until the page leaves.</summary>
    public async Task Hold(WebSocket socket, CancellationToken stop)
    {
        var buffer = new byte[MostBytes];
        try
        {
            while (await Read(socket, buffer, stop) is { } length)
            {
                await socket.SendAsync(JsonSerializer.SerializeToUtf8Bytes(Answer(buffer.AsSpan(0, length)), json),
                    WebSocketMessageType.Text, endOfMessage: true, stop);
            }
            await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, stop);
        }
        catch (Exception error) when (error is WebSocketException or OperationCanceledException)
        {
            // The page went away, or the service stops.
        }
    }

    // The message's length; null where the page leaves, or says more than a question takes.
    private static async Task<int?> Read(WebSocket socket, byte[] buffer, CancellationToken stop)
    {
        for (var length = 0; length < buffer.Length;)
        {
            var part = await socket.ReceiveAsync(buffer.AsMemory(length), stop);
            length += part.Count;
            if (part.MessageType == WebSocketMessageType.Close)
                return null;
            if (part.EndOfMessage)
                return length;
        }
        return null;
    }

    /// <summary>The answer to one question, as an object to be written as JSON.</summary>
    internal object Answer(ReadOnlySpan<byte> message)
    {
        var id = 0;
        try
        {
            var asked = JsonSerializer.Deserialize<Asked>(message, json) ?? throw new JsonException("The question is null.");
            id = asked.Id;
            if (!(asked.Alpha >= 0 && asked.Alpha <= 1))
                throw new ArgumentException($"Alpha is between 0 and 1, but is {asked.Alpha}.");
            return asked.Ask switch
            {
                "digit" => digits.Answer(asked),
                "sentence" => sentences.Answer(asked),
                "row" => rows.Answer(asked),
                _ => throw new ArgumentException($"There is nothing to ask about \"{asked.Ask}\"."),
            };
        }
        catch (Exception error) when (error is JsonException or ArgumentException or NonFiniteException)
        {
            return new Refused(id, error.Message);
        }
    }
}
