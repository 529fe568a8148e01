import { recordStatuses } from '../config/domain-config.ts'
import { clickModes, openModes } from '../config/tracking-modes.ts'

const time = (description: string): object => ({
  type: 'number',
  description: `${description}, in ms since the epoch.`,
})

/** A JSON schema of a sending domain's configuration, for editors: they complete fields and mark mistakes. */
export const domainSchema: object = {
  $schema: 'http://json-schema.org/draft-07/schema#',
  title: 'A sending domain and how its mail is tracked (mailtrace)',
  type: 'object',
  additionalProperties: false,
  required: ['name', 'openTracking', 'clickTracking', 'trackingDomains'],
  properties: {
    $schema: { type: 'string' },
    name: { type: 'string', description: 'The sending domain, like example.com.' },
    openTracking: {
      enum: [true, false, ...openModes],
      description: 'How far opens are tracked at most; true is full. A message or a recipient may lower it.',
    },
    clickTracking: {
      enum: [true, false, ...clickModes],
      description: 'How far clicks are tracked at most; true is full. A message or a recipient may lower it.',
    },
    trackingDomains: {
      type: 'array',
      description:
        'Every tracking domain ever configured, oldest first. The newest verified one carries new links; the others stay for links in sent mail.',
      items: {
        type: 'object',
        additionalProperties: false,
        required: ['host', 'status'],
        properties: {
          host: { type: 'string', description: 'A host name, like links.example.com. A port is for local use.' },
          status: {
            enum: [...recordStatuses],
            description: 'Where its CNAME record stands; mailtrace dns --write keeps it.',
          },
          scheme: { enum: ['https', 'http'], default: 'https', description: 'http is for local use.' },
          cnameTarget: { type: 'string', description: 'The name that the CNAME record must point at.' },
          configuredAt: time('When this host was last chosen'),
          verifiedAt: time('When its record was last seen to be right'),
          checkedAt: time('When its record was last checked with a definite outcome'),
          failingSince: time('Since when every definite check found it missing or wrong'),
        },
      },
    },
    signingKeys: {
      type: 'array',
      description: 'The first signs, all verify. Put a new one first and keep the old ones: sent links need them.',
      items: {
        type: 'object',
        additionalProperties: false,
        required: ['id', 'secret'],
        properties: {
          id: { type: 'string', pattern: '^[A-Za-z0-9_-]{1,32}$', description: 'Stands in every link: no secret.' },
          secret: { type: 'string', description: 'At least 32 random bytes.' },
        },
      },
    },
  },
}
