using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using NetMQ;

namespace Spark.Kernel;

/// <summary>Messages as frames: identities, the delimiter, the signature, then header, parent header, metadata and content in JSON.</summary>
internal sealed class WireFormat(MessageSigner signer)
{
    static readonly byte[] Delimiter = "<IDS|MSG>"u8.ToArray();

    /// <exception cref="MessageFormatException">The frames are no message, or are wrongly signed.</exception>
    public Message Decode(NetMQMessage frames)
    {
        var parts = frames.Select(frame => frame.ToByteArray()).ToList();
        var delimiter = parts.FindIndex(part => part.AsSpan().SequenceEqual(Delimiter));
        if (delimiter < 0 || parts.Count < delimiter + 6)
            throw new MessageFormatException($"{parts.Count} frames {(delimiter < 0 ? "without a delimiter" : "that end too early")}");
        var signed = parts.GetRange(delimiter + 2, 4);
        if (!signer.Verifies(parts[delimiter + 1], signed))
            throw new MessageFormatException("the signature is wrong");
        var message = new Message
        {
            Identities = parts.GetRange(0, delimiter),
            Header = Parse(signed[0], "header"),
            Parent = Parse(signed[1], "parent header"),
            Metadata = Parse(signed[2], "metadata"),
            Content = Parse(signed[3], "content"),
        };
        return message.Header["msg_type"]?.GetValueKind() == JsonValueKind.String ? message : throw new MessageFormatException("the header names no msg_type");
    }

    public NetMQMessage Encode(Message message)
    {
        byte[][] signed = [Bytes(message.Header), Bytes(message.Parent), Bytes(message.Metadata), Bytes(message.Content)];
        return new NetMQMessage([.. message.Identities, Delimiter, Encoding.ASCII.GetBytes(signer.Sign(signed)), .. signed]);
    }

    static byte[] Bytes(JsonObject json) => JsonSerializer.SerializeToUtf8Bytes(json);

    static JsonObject Parse(byte[] frame, string part)
    {
        try
        {
            return JsonNode.Parse(frame) as JsonObject ?? throw new MessageFormatException($"the {part} is no JSON object");
        }
        catch (Exception error) when (error is JsonException or ArgumentException)
        {
            throw new MessageFormatException($"the {part} is not JSON", error);
        }
    }
}
