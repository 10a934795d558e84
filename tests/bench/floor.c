// The least that such a call can cost: connects, sends the bytes of one call, prints the job's id. It signs nothing,
// checks nothing, reads no configuration. Argument: the port on 127.0.0.1.
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static const char REQUEST[] =
    "PUT /copy-jobs HTTP/1.1\r\n"
    "Host: 127.0.0.1:8080\r\n"
    "Accept-Encoding: identity\r\n"
    "Content-Type: application/json\r\n"
    "User-Agent: aws-cli/1.46.3 floor/0.1.0 linux/x86_64\r\n"
    "X-Amz-Date: 20261127T000000Z\r\n"
    "Authorization: AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20261127/us-east-1/backup/aws4_request, "
    "SignedHeaders=content-type;host;x-amz-date, "
    "Signature=0000000000000000000000000000000000000000000000000000000000000000\r\n"
    "amz-sdk-invocation-id: 00000000-0000-0000-0000-000000000000\r\n"
    "amz-sdk-request: attempt=1\r\n"
    "Content-Length: 324\r\n"
    "\r\n"
    "{\"RecoveryPointArn\": \"arn:aws:ec2:us-east-1::snapshot/snap-0123456789abcdef0\", "
    "\"SourceBackupVaultName\": \"source-vault\", "
    "\"DestinationBackupVaultArn\": \"arn:aws:backup:us-west-2:123456789012:backup-vault:copies\", "
    "\"IamRoleArn\": \"arn:aws:iam::123456789012:role/backup\", "
    "\"IdempotencyToken\": \"00000000-0000-0000-0000-000000000000\"}";

int main(int count, char **words) {
    char response[65536];
    size_t held = 0;
    ssize_t got;
    struct sockaddr_in address = {.sin_family = AF_INET};
    int stream = socket(AF_INET, SOCK_STREAM, 0);
    if (count != 2) return 2;
    address.sin_port = htons((unsigned short)atoi(words[1]));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (connect(stream, (struct sockaddr *)&address, sizeof address) != 0) return 255;
    if (write(stream, REQUEST, sizeof REQUEST - 1) != (ssize_t)(sizeof REQUEST - 1)) return 255;
    while ((got = read(stream, response + held, sizeof response - 1 - held)) > 0) {
        held += (size_t)got;
        response[held] = 0;
        char *id = strstr(response, "\"CopyJobId\":\"");
        char *end = id ? strchr(id + 13, '"') : NULL;
        if (end) {
            *end = 0;
            puts(id + 13);
            return 0;
        }
    }
    return 255;
}
